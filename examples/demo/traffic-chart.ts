import type { AnalyticsBucket } from "@pandaprobe/sdk";
import { bar } from "./bar.ts";

const barWidth = 20;

/** One line for each day: the number of traces, their median latency, and the number of errors. */
export function trafficChart(days: readonly AnalyticsBucket[]): string[] {
  const most = Math.max(1, ...days.map(({ trace_count }) => trace_count));
  return days.map(({ bucket, trace_count, error_count, p50_latency_ms }) => {
    const day = bucket.slice(0, "2026-03-01".length);
    const count = `${trace_count} ${trace_count === 1 ? "trace" : "traces"}`;
    const latency = p50_latency_ms === null ? "" : `, median ${(p50_latency_ms / 1000).toFixed(1)} s`;
    const errors = error_count === 0 ? "" : `, ${error_count} ${error_count === 1 ? "error" : "errors"}`;
    return `  ${day}  ${bar(trace_count / most, barWidth)}  ${count}${latency}${errors}`;
  });
}
