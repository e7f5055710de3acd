import type { ScoreDistributionItem } from "@pandaprobe/sdk";
import { bar } from "./bar.ts";
import { scoreColor } from "./colors.ts";

const barWidth = 30;

/** One line for each bucket of scores; the fullest one fills its bar. */
export function distributionChart(buckets: readonly ScoreDistributionItem[]): string[] {
  const most = Math.max(1, ...buckets.map(({ count }) => count));
  return buckets.map(({ bucket_min, bucket_max, count }) => {
    const middle = (bucket_min + bucket_max) / 2;
    const range = `${bucket_min.toFixed(1)} – ${bucket_max.toFixed(1)}`;
    return `  ${scoreColor(middle, range)}  ${bar(count / most, barWidth)}  ${count}`;
  });
}
