import type { AnalyticsGranularity } from "@pandaprobe/contract";
import { groupedBy, sorted } from "../lists.ts";

/** `null` where there is nothing to take the mean of. The sum is one of decimals, without the dust of binary fractions. */
export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sum = values.reduce((total, value) => total + value, 0);
  return Number(sum.toPrecision(15)) / values.length;
}

/** The value below which a fraction of them lie, between two of them where it must; `null` where there is none. */
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

/** When the bucket begins that a time falls into, in UTC. */
export function bucketOf(granularity: AnalyticsGranularity, time: string): string {
  const ms = Date.parse(time);
  const [length, first] = { hour: [hourMs, 0], day: [dayMs, 0], week: [7 * dayMs, firstMondayMs] }[
    granularity
  ] as [number, number];
  return new Date(Math.floor((ms - first) / length) * length + first).toISOString();
}

/** The items of each bucket, in order of time. */
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
