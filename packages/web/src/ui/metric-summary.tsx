import type { ScoreSummaryItem, ScoreTrendItem } from "@pandaprobe/sdk";
import { useQuery } from "../data/queries.ts";
import { api } from "../data/session.ts";
import { useRangeStart } from "../data/url-state.ts";
import { RateBar } from "./charts/rate-bar.tsx";
import { Sparkline } from "./charts/sparkline.tsx";
import { formatCount, formatPercent, formatScore, metricLabel } from "./format.ts";
import { Row, Table } from "./rows.tsx";
import type { TargetKind } from "./run-form.tsx";

export function useScoreSummary(kind: TargetKind) {
  const date_from = useRangeStart();
  return useQuery(["score-summary", kind, date_from], (signal) =>
    kind === "trace"
      ? api().getTraceScoreSummary({ date_from }, { signal })
      : api().getSessionScoreSummary({ date_from }, { signal }),
  );
}

/** One row per metric: how many pass, with the interval, the mean with its n, and the trend. */
export function MetricSummary({
  kind,
  rows,
  hrefOf,
}: {
  kind: TargetKind;
  rows: readonly ScoreSummaryItem[];
  hrefOf: (metric: string) => string;
}) {
  return (
    <Table label={`Metrics of ${kind}s`}>
      <thead>
        <tr>
          <th>{kind === "trace" ? "Metric" : "Session metric"}</th>
          <th class="number">Pass</th>
          <th>Interval</th>
          <th class="number">Mean</th>
          <th class="number">n</th>
          <th>Trend</th>
          <th class="number">Failed</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.metric_name}>
            <td class="name">
              <a data-open href={hrefOf(row.metric_name)}>
                {metricLabel(row.metric_name)}
              </a>
            </td>
            <SummaryCells row={row} />
            <td>
              <Trend kind={kind} metric={row.metric_name} />
            </td>
            <td class="number">{row.failed_count > 0 ? formatCount(row.failed_count) : "–"}</td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

/** The cells of Pass, Interval, Mean and n. */
export function SummaryCells({ row }: { row: Omit<ScoreSummaryItem, "group"> }) {
  return (
    <>
      <td class="number figure-cell">
        {row.graded_count === 0 ? "–" : formatPercent(row.pass_count / row.graded_count)}
      </td>
      <td>{row.graded_count > 0 && <RateBar passed={row.pass_count} graded={row.graded_count} />}</td>
      <td class="number" title={row.avg_score === null ? "" : String(row.avg_score)}>
        {row.avg_score === null ? "n/a" : formatScore(row.avg_score)}
      </td>
      <td class="number">{formatCount(row.success_count - row.not_applicable_count)}</td>
    </>
  );
}

function Trend({ kind, metric }: { kind: TargetKind; metric: string }) {
  const { data } = useTrend(kind, metric);
  if (data === undefined || data.length < 2) return null;
  const values = data.map(({ avg_score }) => avg_score);
  const [first, last] = [values[0], values.at(-1)].map((value) =>
    value === undefined ? "" : formatScore(value),
  );
  return (
    <Sparkline values={values} label={`${metricLabel(metric)}, mean per hour, from ${first} to ${last}`} />
  );
}

function useTrend(kind: TargetKind, metric_name: string) {
  const date_from = useRangeStart();
  const query = { metric_name, date_from, granularity: "hour" as const };
  return useQuery<ScoreTrendItem[]>(["score-trend", kind, query], (signal) =>
    kind === "trace"
      ? api().getTraceScoreTrend(query, { signal })
      : api().getSessionScoreTrend(query, { signal }),
  );
}
