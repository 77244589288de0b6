/** Fetching a published network: `turnbench models pull smart-turn-v3[@VERSION]`. */

import { type FetchOptions, fetchPublished } from '../published.js';
import { fileOf, REPOSITORY, type SmartTurnVersion } from './published.js';

/**
 * Fetch a network unless it is there.
 * @returns its path
 * @throws UserError as `fetchPublished`.
 */
export function pullSmartTurn(version: SmartTurnVersion, options: FetchOptions): Promise<string> {
  const source = {
    title: 'Smart Turn',
    repository: REPOSITORY,
    file: fileOf(version),
    variable: 'TURNBENCH_SMART_TURN_REPOSITORY',
  };
  return fetchPublished(source, options);
}
