import { describe, expect, it } from 'vitest';
import { cacheFolder } from '../../src/io/cache.js';

describe('cacheFolder', () => {
  it.each([
    [{ TURNBENCH_CACHE: '/data/tb', XDG_CACHE_HOME: '/xdg' }, 'linux', '/data/tb'],
    [{ XDG_CACHE_HOME: '/xdg' }, 'linux', '/xdg/turnbench'],
    [{ XDG_CACHE_HOME: 'relative' }, 'linux', '/home/ann/.cache/turnbench'],
    [{ TURNBENCH_CACHE: '', XDG_CACHE_HOME: '' }, 'linux', '/home/ann/.cache/turnbench'],
    [{}, 'darwin', '/home/ann/Library/Caches/turnbench'],
    [{ LOCALAPPDATA: '/local' }, 'win32', '/local/turnbench/cache'],
    [{}, 'win32', '/home/ann/AppData/Local/turnbench/cache'],
  ])('of %j on %s is %s', (environment, platform, folder) => {
    expect(cacheFolder(environment, platform, '/home/ann').replaceAll('\\', '/')).toBe(folder);
  });
});
