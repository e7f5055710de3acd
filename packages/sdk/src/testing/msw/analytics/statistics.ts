import type { AnalyticsGranularity } from "@pandaprobe/contract";
import { groupedBy, sorted } from "../lists.ts";

/** `null` without values. The sum is rounded to 15 digits, like a sum of decimals. */
export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sum = values.reduce((total, value) => total + value, 0);
  return Number(sum.toPrecision(15)) / values.length;
}

/** The interpolated percentile, like `percentile_cont` in SQL. `null` without values. */
export function percentile(values: readonly number[], fraction: number): number | null {
  const ascending = [...values].sort((a, b) => a - b);
  const place = (ascending.length - 1) * fraction;
  const [low, high] = [ascending[Math.floor(place)], ascending[Math.ceil(place)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place));
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The epoch was a Thursday; weeks begin on Monday. */
const firstMondayMs = 4 * dayMs;

/** The start of the bucket of a time, in UTC. */
export function bucketOf(granularity: AnalyticsGranularity, time: string): string {
  const ms = Date.parse(time);
  const [length, first] = { hour: [hourMs, 0], day: [dayMs, 0], week: [7 * dayMs, firstMondayMs] }[
    granularity
  ] as [number, number];
  return new Date(Math.floor((ms - first) / length) * length + first).toISOString();
}

/** The items of each bucket, in chronological order. */
export function bucketed<Item>(
  items: readonly Item[],
  granularity: AnalyticsGranularity,
  time: (item: Item) => string,
): [bucket: string, items: Item[]][] {
  return sorted(
    groupedBy(items, (item) => bucketOf(granularity, time(item))),
    ([bucket]) => [bucket],
  );
}
