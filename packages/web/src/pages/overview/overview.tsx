import type { ScoreSummaryItem } from "@pandaprobe/sdk";
import { useQuery } from "../../data/queries.ts";
import { admin, api, session } from "../../data/session.ts";
import { pagePath } from "../../data/url-state.ts";
import {
  formatCount,
  formatCounted,
  formatMoney,
  formatPercent,
  metricLabel,
  rateInterval,
} from "../../ui/format.ts";
import { Ago, ScoreMark } from "../../ui/marks.tsx";
import { MetricSummary, useScoreSummary } from "../../ui/metric-summary.tsx";
import { Row, Table } from "../../ui/rows.tsx";
import { RunTable } from "../../ui/run-table.tsx";
import { Answered } from "../../ui/states.tsx";
import { FirstSteps } from "./first-steps.tsx";

/** How often to check whether the first trace of an empty project has arrived, in milliseconds. */
const emptyMs = 1500;

export function Overview() {
  const any = useQuery(["traces", "any"], (signal) => api().listTraces({ limit: 1 }, { signal }), {
    every: emptyMs,
  });
  return (
    <Answered query={any}>
      {({ items }) => (items.length === 0 ? <FirstSteps /> : <FilledOverview />)}
    </Answered>
  );
}

function FilledOverview() {
  const traces = useScoreSummary("trace");
  const sessions = useScoreSummary("session");
  const runs = useQuery(["runs", "overview"], (signal) => api().listTraceRuns({ limit: 5 }, { signal }));
  return (
    <div class="page">
      <Answered query={traces}>
        {(rows) => (
          <>
            <Headline rows={rows} />
            {rows.length > 0 && (
              <MetricSummary kind="trace" rows={rows} hrefOf={(metric) => pagePath(["scores"], { metric })} />
            )}
          </>
        )}
      </Answered>
      {sessions.data !== undefined && sessions.data.length > 0 && (
        <MetricSummary
          kind="session"
          rows={sessions.data}
          hrefOf={(metric) => pagePath(["scores"], { kind: "session", metric })}
        />
      )}
      <div class="halves">
        <WorstSessions />
        <section class="block">
          <h2>
            <a href="/app/runs">Last runs</a>
          </h2>
          <Answered query={runs}>
            {({ items }) =>
              items.length === 0 ? <p class="muted">No runs yet.</p> : <RunTable runs={items} />
            }
          </Answered>
        </section>
      </div>
    </div>
  );
}

/** The most important fact: the metric that certainly passes least often. A few bad scores do not outrank many. */
function Headline({ rows }: { rows: readonly ScoreSummaryItem[] }) {
  const project = session.value?.project ?? "";
  const usage = useQuery(["usage"], (signal) => admin().getProjectUsage(project, { signal }));
  const graded = rows.filter(({ graded_count }) => graded_count > 0);
  const atMost = ({ pass_count, graded_count }: ScoreSummaryItem) =>
    rateInterval(pass_count, graded_count)[1];
  const [lowest] = graded.toSorted((a, b) => atMost(a) - atMost(b));
  const failed = rows.reduce((sum, { failed_count }) => sum + failed_count, 0);
  return (
    <header class="page-head headline">
      {lowest === undefined ? (
        <h1>Nothing has been scored yet</h1>
      ) : (
        <h1>
          {metricLabel(lowest.metric_name)}: {formatPercent(lowest.pass_count / lowest.graded_count)} of{" "}
          {formatCount(lowest.graded_count)} pass
        </h1>
      )}
      <p class="facts-text">
        {usage.data !== undefined && (
          <>
            <a href="/app/traces">{formatCounted(usage.data.traces.used, "trace")}</a>
            <span>{formatMoney(usage.data.usd_today.used)} spent today</span>
          </>
        )}
        {failed > 0 ? (
          <a href={pagePath(["scores"], { status: "FAILED" })}>{formatCounted(failed, "score")} failed</a>
        ) : (
          <span>no score failed</span>
        )}
        {lowest === undefined && <a href="/app/runs">Start a run</a>}
      </p>
    </header>
  );
}

function WorstSessions() {
  const query = { metric_name: "agent_reliability", limit: 8 };
  const worst = useQuery(["worst-sessions"], (signal) => api().getSessionScoreComparison(query, { signal }));
  return (
    <section class="block">
      <h2>
        <a href="/app/sessions">Worst sessions</a>
      </h2>
      <Answered query={worst}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="muted">No session has been evaluated yet.</p>
          ) : (
            <Table label="Worst sessions">
              <thead>
                <tr>
                  <th>Session</th>
                  <th class="number">Reliability</th>
                  <th class="number">Scored</th>
                </tr>
              </thead>
              <tbody>
                {items.map(({ session_id, score, evaluated_at }) => (
                  <Row key={session_id}>
                    <td class="name">
                      <a data-open href={pagePath(["sessions", session_id])}>
                        {session_id}
                      </a>
                    </td>
                    <td class="number">{score !== null && <ScoreMark value={score} />}</td>
                    <td class="number">
                      <Ago time={evaluated_at} />
                    </td>
                  </Row>
                ))}
              </tbody>
            </Table>
          )
        }
      </Answered>
    </section>
  );
}
