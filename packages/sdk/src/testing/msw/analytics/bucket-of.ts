import type { AnalyticsGranularity } from "@pandaprobe/contract";
import { groupedBy } from "../grouped-by.ts";
import { sorted } from "../sorted.ts";

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
