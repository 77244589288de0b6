import { join } from 'node:path';
import { cacheFolder } from '../../io/cache.js';

/** Where `models pull` and `models build` put their files. */
export function mimiFolder(): string {
  return join(cacheFolder(), 'models', 'mimi-endpointer');
}
