/** The share of parameters in which two calls agree, over all names that either of them has; 1 for two empty ones. */
export function parameterSimilarity(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): number {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  if (names.size === 0) return 1;
  let equal = 0;
  for (const name of names) {
    if (
      Object.hasOwn(a, name) &&
      Object.hasOwn(b, name) &&
      JSON.stringify(a[name]) === JSON.stringify(b[name])
    )
      equal++;
  }
  return equal / names.size;
}
