import type { PandaProbe, RequestOptions } from "@pandaprobe/sdk";
import { distributionChart } from "./distribution-chart.ts";
import { section } from "./say.ts";
import { summaryChart } from "./summary-chart.ts";
import { trafficChart } from "./traffic-chart.ts";
import { trendChart } from "./trend-chart.ts";

const metric = "task_completion";
const sessionMetric = "agent_reliability";
/** When the sample traces were recorded. */
const recorded = { started_after: "2026-03-01", started_before: "2026-04-01" };

/** Shows the server's analytics of all scores as charts. */
export async function showAnalytics(client: PandaProbe, options: RequestOptions): Promise<void> {
  const [traces, sessions] = await Promise.all([
    client.getTraceScoreSummary({}, options),
    client.getSessionScoreSummary({}, options),
  ]);
  section(
    "Summary: average, smallest ├, median ┃ and largest ┤ score",
    summaryChart([...traces, ...sessions]),
  );
  const buckets = await client.getTraceScoreDistribution({ metric_name: metric }, options);
  section(`Distribution of ${metric}`, distributionChart(buckets));
  const trends = await Promise.all([
    client.getTraceScoreTrend({ metric_name: metric }, options),
    client.getSessionScoreTrend({ metric_name: sessionMetric }, options),
  ]);
  section("Trend, by the day of the evaluation", trendChart(trends.flat()));
  const days = await client.getTraceAnalytics({ metric: "latency", ...recorded }, options);
  section("Traffic, by the day of the traces", trafficChart(days));
}
