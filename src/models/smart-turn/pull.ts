/** Fetching a published network: `turnbench models pull smart-turn-v3[@VERSION]`. */

import { type FetchOptions, fetchPublished } from '../published.js';
import { familyFolder, type SmartTurnNetwork } from './published.js';

/**
 * Fetch a network unless it is there.
 * @returns its path
 * @throws UserError as `fetchPublished`.
 */
export function pullSmartTurn(
  { family, version }: SmartTurnNetwork,
  options: Omit<FetchOptions, 'folder'> & Partial<Pick<FetchOptions, 'folder'>>,
): Promise<string> {
  const { title, repository, variable } = family;
  const source = { title, repository, variable, file: family.fileOf(version) };
  return fetchPublished(source, { folder: familyFolder(family), ...options });
}
