/**
 * No orphans, however the harness ends. A small shell waits on a pipe whose other end only the harness holds. When the
 * harness dies, even by SIGKILL, the system closes that end, and the shell kills the whole process group of the model:
 * also a model that hangs in native code and could notice nothing, and processes that it started itself.
 */

import { spawn } from 'node:child_process';

/** Ends when the pipe does: with a line the model ended by itself, without one the harness is gone. */
const WAIT_AND_KILL = 'read -r _ || kill -KILL "-$1"';

/**
 * @param groupId process group of the model, of which it is the leader.
 * @returns to be called when the model's process has ended: its number may then belong to somebody else.
 */
export function guardProcessGroup(groupId: number): () => void {
  // In a session of its own: what ends the harness through its terminal or process group must not end the guard.
  const guard = spawn('sh', ['-c', WAIT_AND_KILL, 'turnbench-guard', String(groupId)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Without a shell there is no guard: models still end when their channel does.
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  (guard.stdin as unknown as { unref?(): void }).unref?.();
  return () => guard.stdin.end('ended\n');
}
