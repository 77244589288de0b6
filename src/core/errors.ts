/**
 * Two kinds of failure. A `UserError` is something the user can act on: it is printed in one line plus what to do.
 * Anything else is a bug and keeps its stack.
 */

/** Process exit codes. `gate` means the run is fine and the number is worse. */
export const EXIT = { ok: 0, bug: 1, usage: 2, gate: 3, partial: 4, prerequisite: 5, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export class UserError extends Error {
  override readonly name = 'UserError';
  /** What to do about it, in one sentence. */
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(message: string, options: { hint?: string; exitCode?: ExitCode; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? EXIT.usage;
  }
}

/** Message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Fail with every problem at once, so that a data set or file is mended in one go. No-op when there is none. */
export function throwIfProblems(subject: string, problems: readonly string[], hint?: string): void {
  if (problems.length === 0) return;
  const shown = problems.slice(0, 50).map((problem) => `  - ${problem}`);
  if (problems.length > shown.length) shown.push(`  … and ${problems.length - shown.length} more`);
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  throw new UserError(`${subject}: ${count}\n${shown.join('\n')}`, hint === undefined ? {} : { hint });
}
