/** The share of `wanted` that is in `had`; 1 if nothing is wanted. */
export function coverage(wanted: ReadonlySet<string>, had: ReadonlySet<string>): number {
  return wanted.size === 0 ? 1 : wanted.intersection(had).size / wanted.size;
}
