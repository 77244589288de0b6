/** The largest one-to-one matching between two lists: it does not depend on their order or on which comes first. */

/**
 * @param partnersOf which of the second list may be matched with an item of the first.
 * @returns number of pairs.
 */
export function largestMatching(firsts: number, partnersOf: (first: number) => readonly number[]): number {
  /** Second → first. */
  const matched = new Map<number, number>();
  const findsPartner = (first: number, tried: Set<number>): boolean => {
    for (const second of partnersOf(first)) {
      if (tried.has(second)) continue;
      tried.add(second);
      const holder = matched.get(second);
      if (holder === undefined || findsPartner(holder, tried)) {
        matched.set(second, first);
        return true;
      }
    }
    return false;
  };
  for (let first = 0; first < firsts; first++) findsPartner(first, new Set());
  return matched.size;
}
