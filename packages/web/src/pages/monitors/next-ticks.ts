import { isCadence, nextTick } from "@pandaprobe/contract/rules";

/**
 * The next times at which a monitor fires, by the server's own rule.
 *
 * @param createdAt what `daily` and its like count from; now, for a monitor that is not created yet.
 * @returns `null` for a cadence or time zone that is not valid.
 */
export function nextTicks(
  cadence: string,
  timezone: string,
  now: Date,
  createdAt: string | undefined,
  count: number,
): Date[] | null {
  if (!isCadence(cadence)) return null;
  const ticks: Date[] = [];
  try {
    for (let after = now; ticks.length < count; ) {
      after = nextTick({ cadence, timezone, created_at: createdAt ?? now.toISOString() }, after);
      ticks.push(after);
    }
  } catch {
    return null;
  }
  return ticks;
}
