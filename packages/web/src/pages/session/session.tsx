import type { SessionDetail, SessionScoreResponse, TraceResponse } from "@pandaprobe/sdk";
import { useRoute } from "preact-iso/router";
import { useQuery } from "../../data/queries.ts";
import { api } from "../../data/session.ts";
import { pagePath, useUrlState } from "../../data/url-state.ts";
import { Sparkline } from "../../ui/charts/sparkline.tsx";
import { CostFact } from "../../ui/cost-fact.tsx";
import { formatCount, formatCounted, formatDuration, metricLabel } from "../../ui/format.ts";
import { Ago, ScoreBar, ScoreValue, StatusMark, scoreNumber, thresholdOf } from "../../ui/marks.tsx";
import { Answered } from "../../ui/states.tsx";
import { type TurnRisk, turnRisks } from "./risks.ts";
import { Turn } from "./turn.tsx";

const pageSize = 200;

export function Session() {
  const id = useRoute().params["id"] ?? "";
  const { offset } = useUrlState();
  const session = useQuery(["session", id, offset], (signal) =>
    api().getSession(id, { limit: pageSize, offset }, { signal }),
  );
  const scores = useQuery(["session-scores", id], (signal) =>
    api().getSessionScores(id, { prefer: "person" }, { signal }),
  );
  return (
    <Answered query={session}>
      {(loaded) => <LoadedSession session={loaded} scores={scores.data ?? []} offset={offset} />}
    </Answered>
  );
}

function LoadedSession({
  session,
  scores,
  offset,
}: {
  session: SessionDetail;
  scores: readonly SessionScoreResponse[];
  offset: number;
}) {
  const { get, set } = useUrlState();
  const risks = turnRisks(scores);
  const riskOf = (trace: TraceResponse) =>
    risks.get(trace.trace_id)?.step ?? (trace.status === "ERROR" ? 1 : 0);
  const worst = session.traces.reduce<TraceResponse | undefined>(
    (most, trace) => (most === undefined || riskOf(trace) > riskOf(most) ? trace : most),
    undefined,
  );
  const open = get("turn") ?? worst?.trace_id;
  const show = (id: string) => {
    set({ turn: id });
    requestAnimationFrame(() => document.getElementById(`turn-${id}`)?.scrollIntoView({ block: "center" }));
  };
  return (
    <div class="page session-page">
      <header class="page-head trace-head">
        <p class="crumbs">
          <a href="/app/sessions" data-parent>
            Sessions
          </a>
        </p>
        <h1>{session.session_id}</h1>
        <p class="facts-text">
          {session.has_error && <StatusMark status="ERROR" />}
          <span>{formatCounted(session.trace_count, "turn")}</span>
          <span>{formatCounted(session.total_span_count, "span")}</span>
          <span>{formatDuration(session.total_latency_ms)}</span>
          {session.total_tokens > 0 && <span>{formatCount(session.total_tokens)} tokens</span>}
          <CostFact totals={session} />
          {session.user_id !== null && (
            <a href={pagePath(["sessions"], { user_id: session.user_id })}>{session.user_id}</a>
          )}
          <Ago time={session.last_trace_at} />
        </p>
      </header>
      <SessionScores scores={scores} />
      {risks.size > 0 && <RiskStrip traces={session.traces} risks={risks} onShow={show} offset={offset} />}
      <ol class="turns">
        {session.traces.map((trace, index) => (
          <Turn
            key={trace.trace_id}
            trace={trace}
            number={offset + index + 1}
            risk={risks.get(trace.trace_id)}
            isOpen={trace.trace_id === open}
            isWorst={trace === worst && riskOf(trace) > 0}
          />
        ))}
      </ol>
      {session.trace_count > pageSize && (
        <nav class="pager" aria-label="Pages of the session">
          <button
            type="button"
            disabled={offset === 0}
            onClick={() => set({ offset: String(offset - pageSize) })}
          >
            Earlier turns
          </button>
          <button
            type="button"
            disabled={offset + pageSize >= session.trace_count}
            onClick={() => set({ offset: String(offset + pageSize) })}
          >
            Later turns
          </button>
        </nav>
      )}
    </div>
  );
}

/** The newest score of each metric, with its history. */
function SessionScores({ scores }: { scores: readonly SessionScoreResponse[] }) {
  const newest = scores.filter(
    (score, index) => scores.findIndex(({ name }) => name === score.name) === index,
  );
  if (newest.length === 0) return <p class="muted">Not evaluated yet.</p>;
  return (
    <section class="trace-scores" aria-label="Scores">
      <ul>
        {newest.map((score) => {
          const number = scoreNumber(score);
          const history = scores
            .filter(({ name }) => name === score.name)
            .map(scoreNumber)
            .filter((each) => each !== null)
            .toReversed();
          return (
            <li key={score.id} data-row tabIndex={-1} class="score-line">
              <div class="score-head">
                <span class="score-name">{metricLabel(score.name)}</span>
                {number !== null && <ScoreBar value={number} threshold={thresholdOf(score)} />}
                <ScoreValue score={score} />
                {history.length > 1 && <Sparkline values={history} label={`${history.length} scores`} />}
                {score.eval_run_id !== null && (
                  <a href={pagePath(["runs", "session", score.eval_run_id])}>
                    <Ago time={score.created_at} />
                  </a>
                )}
              </div>
              <p class="reason">{score.reason}</p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function RiskStrip({
  traces,
  risks,
  onShow,
  offset,
}: {
  traces: readonly TraceResponse[];
  risks: ReadonlyMap<string, TurnRisk>;
  onShow: (id: string) => void;
  offset: number;
}) {
  return (
    <section class="risk-strip" aria-label="Risk of each turn">
      {traces.map(({ trace_id }, index) => {
        const risk = risks.get(trace_id)?.step ?? 0;
        const label = `Turn ${offset + index + 1}: risk ${risk.toFixed(2)}`;
        return (
          <button
            key={trace_id}
            type="button"
            class="risk-bar"
            aria-label={label}
            title={label}
            onClick={() => onShow(trace_id)}
          >
            <span style={{ "--score": 1 - risk, height: `${Math.max(4, risk * 100)}%` }} />
          </button>
        );
      })}
    </section>
  );
}
