/**
 * Where a new hypothesis goes on after the words that are settled.
 *
 * A recogniser hears the kept audio again with every request, so its answer begins with words that are settled already:
 * mostly the same ones, sometimes others, or more or fewer of them. Times alone do not tell where they end: those
 * of servers without time stamps move with every request. So both are aligned as texts.
 */

/** Words before the kept audio that a recogniser may repeat, because a cut is seldom exactly between two words. */
export const SEAM_WORDS = 5;

/**
 * How many of the first words of `heard` repeat settled ones: the n that makes the best alignment of all settled words
 * with the first n heard (+1 for an equal word, −1 for one that differs, is missing or is added); of equally good ones
 * that which is nearest to `settled.length - before`.
 *
 *   settled  … on the | mat and        heard  the mat, and then
 *                     ^ the kept audio begins; `the` repeats a word before it: 3 are repeated, `then` is new
 *
 * @param settled bare texts, oldest first.
 * @param before how many of them lie before the kept audio: leaving out the first of those costs nothing.
 * @param heard bare texts.
 */
export function repeatedWords(settled: readonly string[], before: number, heard: readonly string[]): number {
  let scores = Array.from({ length: heard.length + 1 }, (_, n) => -n);
  for (const [i, word] of settled.entries()) {
    const next = [Math.min(0, before - i - 1)];
    for (let n = 1; n <= heard.length; n++) {
      const paired = scores[n - 1]! + (word === heard[n - 1] ? 1 : -1);
      next.push(Math.max(paired, scores[n]! - 1, next[n - 1]! - 1));
    }
    scores = next;
  }
  const expected = settled.length - before;
  let best = 0;
  for (let n = 1; n < scores.length; n++) {
    const gain = scores[n]! - scores[best]!;
    if (gain > 0 || (gain === 0 && Math.abs(n - expected) < Math.abs(best - expected))) best = n;
  }
  return best;
}
