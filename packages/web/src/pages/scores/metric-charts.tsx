import type { ScoreGroupBy, ScoreSummaryItem } from "@pandaprobe/sdk";
import { useQuery } from "../../data/queries.ts";
import { api } from "../../data/session.ts";
import { firstPage, useRangeStart, useUrlState } from "../../data/url-state.ts";
import { Histogram } from "../../ui/charts/histogram.tsx";
import { TrendChart } from "../../ui/charts/trend-chart.tsx";
import { formatCount, metricLabel } from "../../ui/format.ts";
import { SummaryCells } from "../../ui/metric-summary.tsx";
import { Row, Table } from "../../ui/rows.tsx";
import type { TargetKind } from "../../ui/run-form.tsx";
import { Answered } from "../../ui/states.tsx";

/** The groupings of a breakdown, and the labels of the filters with the same names. */
const groupings = {
  release: "Release",
  environment: "Environment",
  tags: "Tag",
  model: "Judge",
  user_id: "User",
  trace_name: "Name",
} as const satisfies Partial<Record<ScoreGroupBy, string>>;
type Grouping = keyof typeof groupings;

const groupingNames = Object.keys(groupings) as Grouping[];

/** The filters in the URL, which apply to charts, breakdown and list alike. */
export function useScoreFilters() {
  const { get, list } = useUrlState();
  return {
    release: get("release"),
    environment: get("environment"),
    tags: list("tags"),
    model: get("model"),
    user_id: get("user_id"),
    trace_name: get("trace_name"),
  };
}

/** The active filters, each of which can be removed. */
export function ChosenFilters() {
  const { get, set } = useUrlState();
  const chosen = [...groupingNames, "value_min" as const, "date_from" as const].filter(
    (name) => get(name) !== undefined,
  );
  return (
    <>
      {chosen.map((name) => (
        <button
          key={name}
          type="button"
          aria-label={`Clear ${filterText(name, get)}`}
          onClick={() =>
            set({
              [name]: undefined,
              ...(name === "value_min" ? { value_max: undefined } : {}),
              ...(name === "date_from" ? { date_to: undefined } : {}),
              ...firstPage,
            })
          }
        >
          {filterText(name, get)} ×
        </button>
      ))}
    </>
  );
}

function filterText(
  name: Grouping | "value_min" | "date_from",
  get: (name: string) => string | undefined,
): string {
  if (name === "value_min") return `Score from ${get("value_min")} to ${get("value_max") ?? 1}`;
  return name === "date_from" ? "One hour" : `${groupings[name]}: ${get(name)}`;
}

/** The distribution, the trend and the breakdown of a metric; all link to the scores behind them. */
export function MetricCharts({ kind, metric }: { kind: TargetKind; metric: string }) {
  const { hrefWith } = useUrlState();
  const range = useRangeStart();
  const filters = useScoreFilters();
  const query = { ...filters, metric_name: metric, date_from: range };
  const distribution = useQuery(["score-distribution", kind, query], (signal) =>
    kind === "trace"
      ? api().getTraceScoreDistribution(query, { signal })
      : api().getSessionScoreDistribution(query, { signal }),
  );
  const hourly = { ...query, granularity: "hour" as const };
  const trend = useQuery(["score-trend", kind, hourly], (signal) =>
    kind === "trace"
      ? api().getTraceScoreTrend(hourly, { signal })
      : api().getSessionScoreTrend(hourly, { signal }),
  );
  return (
    <>
      <div class="halves">
        <section class="block" aria-label="Distribution">
          <h2>Distribution</h2>
          <Answered query={distribution}>
            {(buckets) => (
              <Histogram
                buckets={buckets}
                label={metricLabel(metric)}
                hrefOf={({ bucket, bucket_min, bucket_max }) =>
                  hrefWith({
                    ...firstPage,
                    value_min: String(bucket_min),
                    // The last bucket includes its upper bound.
                    value_max: bucket === buckets.at(-1)?.bucket ? undefined : String(bucket_max),
                  })
                }
              />
            )}
          </Answered>
        </section>
        <section class="block" aria-label="Trend">
          <h2>Mean per hour</h2>
          <Answered query={trend}>
            {(points) => (
              <TrendChart
                points={points}
                label={metricLabel(metric)}
                hrefOf={(start, end) => hrefWith({ ...firstPage, date_from: start, date_to: end })}
              />
            )}
          </Answered>
        </section>
      </div>
      <Breakdown kind={kind} metric={metric} />
    </>
  );
}

function Breakdown({ kind, metric }: { kind: TargetKind; metric: string }) {
  const { get, set } = useUrlState();
  const by = groupingNames.find((each) => each === get("by")) ?? "release";
  const query = { ...useScoreFilters(), date_from: useRangeStart(), group_by: by };
  const groups = useQuery(
    ["score-groups", kind, query],
    (signal) =>
      kind === "trace"
        ? api().getTraceScoreSummary(query, { signal })
        : api().getSessionScoreSummary(query, { signal }),
    { keepPrevious: true },
  );
  return (
    <section class="block" aria-label="Breakdown">
      <header class="block-head">
        <h2>Breakdown</h2>
        <select
          aria-label="Break down by"
          value={by}
          onChange={({ currentTarget }) => set({ by: currentTarget.value })}
        >
          {groupingNames.map((each) => (
            <option key={each} value={each}>
              By {groupings[each].toLowerCase()}
            </option>
          ))}
        </select>
      </header>
      <Answered query={groups}>
        {(rows) => <GroupTable by={by} rows={rows.filter((row) => row.metric_name === metric)} />}
      </Answered>
    </section>
  );
}

function GroupTable({ by, rows }: { by: Grouping; rows: readonly ScoreSummaryItem[] }) {
  const { hrefWith } = useUrlState();
  if (rows.length === 0) return <p class="muted">Nothing has been scored yet.</p>;
  return (
    <Table label={`By ${groupings[by].toLowerCase()}`}>
      <thead>
        <tr>
          <th>{groupings[by]}</th>
          <th class="number">Pass</th>
          <th>Interval</th>
          <th class="number">Mean</th>
          <th class="number">n</th>
          <th class="number">Failed</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ group, ...row }) => (
          <Row key={`${group?.value} ${group?.is_other}`}>
            <td class="name">
              {group?.value == null ? (
                <span class="muted">{group?.is_other ? "all others" : "none"}</span>
              ) : (
                <a data-open href={hrefWith({ ...firstPage, [by]: group.value })}>
                  {group.value}
                </a>
              )}
            </td>
            <SummaryCells row={row} />
            <td class="number">{row.failed_count > 0 ? formatCount(row.failed_count) : "–"}</td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
