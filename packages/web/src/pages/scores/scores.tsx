import type { ListTraceScoresQuery, ScoreStatus } from "@pandaprobe/sdk";
import { useQuery } from "../../data/queries.ts";
import { api } from "../../data/session.ts";
import { pagePath, useRangeStart, useUrlState } from "../../data/url-state.ts";
import { ChoiceFilter, TextFilter } from "../../ui/filters.tsx";
import { formatCounted, metricLabel } from "../../ui/format.ts";
import { Ago, ScoreCells, scoredBy } from "../../ui/marks.tsx";
import { MetricSummary, useScoreSummary } from "../../ui/metric-summary.tsx";
import { Pager } from "../../ui/pager.tsx";
import { Row, Table } from "../../ui/rows.tsx";
import type { TargetKind } from "../../ui/run-form.tsx";
import { Answered, Empty } from "../../ui/states.tsx";
import { TargetTabs, useTargetKind } from "../../ui/target-tabs.tsx";
import { ChosenFilters, MetricCharts, useScoreFilters } from "./metric-charts.tsx";

const pageSize = 50;
const statuses = ["SUCCESS", "FAILED"] as const;
const sources = ["AUTOMATED", "ANNOTATION", "PROGRAMMATIC"] as const;
const sourceNames = { AUTOMATED: "Judge", ANNOTATION: "Person", PROGRAMMATIC: "Program" };

export function Scores() {
  const { get } = useUrlState();
  const kind = useTargetKind();
  const metric = get("metric");
  const summary = useScoreSummary(kind);
  return (
    <div class="page">
      <header class="page-head">
        <h1>{metric === undefined ? "Scores" : metricLabel(metric)}</h1>
        <TargetTabs kind={kind} />
      </header>
      {metric === undefined ? (
        <Answered query={summary}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty title="No scores yet">
                <p>
                  <a href="/app/runs">Start a run</a> to have traces scored.
                </p>
              </Empty>
            ) : (
              <MetricSummary
                kind={kind}
                rows={rows}
                hrefOf={(name) =>
                  pagePath(["scores"], { ...(kind === "session" ? { kind } : {}), metric: name })
                }
              />
            )
          }
        </Answered>
      ) : (
        <MetricCharts key={metric} kind={kind} metric={metric} />
      )}
      <ScoreList kind={kind} />
    </div>
  );
}

function ScoreList({ kind }: { kind: TargetKind }) {
  const { get, offset } = useUrlState();
  const from = useRangeStart();
  const status: ScoreStatus | undefined = statuses.find((each) => each === get("status"));
  const query: ListTraceScoresQuery = {
    limit: pageSize,
    offset,
    name: get("metric"),
    status,
    source: sources.find((each) => each === get("source")),
    date_from: get("date_from") ?? from,
    date_to: get("date_to"),
    value_min: numberOf(get("value_min")),
    value_max: numberOf(get("value_max")),
    ...useScoreFilters(),
  };
  const page = useQuery(
    ["scores", kind, query],
    async (signal) => {
      if (kind === "trace") {
        const { items, ...rest } = await api().listTraceScores(query, { signal });
        return { ...rest, items: items.map((score) => ({ ...score, target: ["traces", score.trace_id] })) };
      }
      const { items, ...rest } = await api().listSessionScores(query, { signal });
      return { ...rest, items: items.map((score) => ({ ...score, target: ["sessions", score.session_id] })) };
    },
    { keepPrevious: true },
  );
  return (
    <section class="block" aria-label="All scores">
      <div class="filters">
        <ChoiceFilter
          name="status"
          label="Any status"
          options={statuses.map((each) => [each, each.toLowerCase()])}
        />
        <ChoiceFilter
          name="source"
          label="By anyone"
          options={sources.map((each) => [each, sourceNames[each]])}
        />
        <TextFilter name="environment" label="Environment" isSearch />
        <TextFilter name="release" label="Release" />
        <TextFilter name="tags" label="Tag" />
        <TextFilter name="model" label="Judge" />
        <ChosenFilters />
        <span class="muted">{page.data !== undefined && formatCounted(page.data.total, "score")}</span>
      </div>
      <Answered query={page}>
        {(loaded) => (
          <>
            <Table label="Scores">
              <thead>
                <tr>
                  <th class="number">Score</th>
                  <th>Metric</th>
                  <th>Reason</th>
                  <th>By</th>
                  <th>Target</th>
                  <th class="number">Scored</th>
                </tr>
              </thead>
              <tbody>
                {loaded.items.map((score) => (
                  <Row key={score.id}>
                    <ScoreCells score={score} />
                    <td>{scoredBy(score)}</td>
                    <td>
                      <a data-open href={pagePath(score.target)}>
                        {kind === "trace" ? score.target[1]?.slice(-12) : score.target[1]}
                      </a>
                    </td>
                    <td class="number">
                      <Ago time={score.created_at} />
                    </td>
                  </Row>
                ))}
              </tbody>
            </Table>
            <Pager page={loaded} limit={pageSize} />
          </>
        )}
      </Answered>
    </section>
  );
}

function numberOf(text: string | undefined): number | undefined {
  const number = Number(text ?? Number.NaN);
  return Number.isFinite(number) ? number : undefined;
}
