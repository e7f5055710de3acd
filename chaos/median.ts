/** The middle value, or the upper one of the two middle values; infinite for an empty list. */
export function median(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b);
  return ascending[Math.floor(ascending.length / 2)] ?? Number.POSITIVE_INFINITY;
}
