/**
 * The length to which the longest of `lengths` must be cut so that their sum is at most `room`. Shorter ones stay whole, all
 * longer ones end up equally long. Infinity if nothing has to be cut, 0 if there is no room.
 */
export function waterLevel(lengths: readonly number[], room: number): number {
  const ascending = Float64Array.from(lengths).sort();
  let left = Math.max(0, room);
  for (const [i, length] of ascending.entries()) {
    const share = left / (ascending.length - i);
    if (length > share) return Math.floor(share);
    left -= length;
  }
  return Number.POSITIVE_INFINITY;
}
