import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where downloaded and assembled files are kept between runs: `$TURNBENCH_CACHE`, else `$XDG_CACHE_HOME/turnbench`,
 * else the place the system means for it. The folder need not exist yet.
 */
export function cacheFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
  home: string = homedir(),
): string {
  const { TURNBENCH_CACHE: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = environment;
  if (own) return own;
  // The XDG base directory specification: relative paths are invalid and must be ignored.
  if (xdg && isAbsolute(xdg)) return join(xdg, 'turnbench');
  if (platform === 'win32') return join(local || join(home, 'AppData', 'Local'), 'turnbench', 'cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'turnbench');
  return join(home, '.cache', 'turnbench');
}
