/**
 * The largest one-to-one matching between two lists, by augmenting paths (Kuhn): it does not depend on their order or on
 * which comes first.
 */

/**
 * @param partners per item of the first list, which of the second it may be matched with.
 * @returns number of pairs.
 */
export function largestMatching(partners: readonly (readonly number[])[]): number {
  /** Second → first. */
  const matched = new Map<number, number>();
  const findsPartner = (first: number, tried: Set<number>): boolean => {
    const mine = partners[first]!;
    const free = mine.find((second) => !matched.has(second));
    const found =
      free ??
      mine.find((second) => {
        if (tried.has(second)) return false;
        tried.add(second);
        return findsPartner(matched.get(second)!, tried);
      });
    if (found !== undefined) matched.set(found, first);
    return found !== undefined;
  };
  for (const first of partners.keys()) findsPartner(first, new Set());
  return matched.size;
}
