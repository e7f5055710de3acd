import type { Lease } from "./model-state.ts";

/** After how long the remainders of a division go to others. */
const turnMs = 5000;

/**
 * How many of `total` places a process gets: whole ones, in proportion to demand, of which all processes together get no more
 * than `total`. Where there are fewer places than processes they take turns.
 */
export function fairShare(
  leases: Readonly<Record<string, Lease>>,
  process: string,
  total: number,
  now: number,
): number {
  const sum = Object.values(leases).reduce((all, { demand }) => all + demand, 0);
  // The golden ratio spreads the turns evenly, whatever the number of processes.
  const phase = (Math.floor(now / turnMs) * 0.618_033_988_75) % 1;
  const upTo = (demand: number) => (sum === 0 ? 0 : Math.floor((total * demand) / sum + phase));
  let before = 0;
  for (const [name, { demand }] of Object.entries(leases).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (name === process) return upTo(before + demand) - upTo(before);
    before += demand;
  }
  return 0;
}
