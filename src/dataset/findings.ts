import { UserError } from '../core/errors.js';

/** What is found while a data set is read. Collected instead of thrown, so that it is mended in one go. */
export interface Findings {
  /** What keeps the data set from being used. Each begins with its place, such as `20/metadata.json:3:1: …`. */
  readonly problems: string[];
  /** What is odd but may be meant. */
  readonly warnings: string[];
}

export function noFindings(): Findings {
  return { problems: [], warnings: [] };
}

/** Add what was found at a place. */
export function note(
  findings: Findings,
  place: string,
  found: { problems: readonly string[]; warnings: readonly string[] },
) {
  for (const problem of found.problems) findings.problems.push(`${place}: ${problem}`);
  for (const warning of found.warnings) findings.warnings.push(`${place}: ${warning}`);
}

/**
 * What the action gives, or nothing when it fails in a way that a user can mend: then that is one more problem.
 * @param root folder whose name is left out of messages; empty when they name no file in a folder.
 */
export async function attempt<T>(findings: Findings, root: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, hint } = namedBelow(root, error);
    findings.problems.push(hint === undefined ? message : `${message} (${hint})`);
    return undefined;
  }
}

/** The same failure, its files named below the data set: where that lies on a machine is nobody's business. */
export function namedBelow(root: string, { message, hint, exitCode, cause }: UserError): UserError {
  const text = root === '' ? message : message.replaceAll(`${root}/`, '').replaceAll(`${root}\\`, '');
  return new UserError(text, { exitCode, cause, ...(hint === undefined ? {} : { hint }) });
}
