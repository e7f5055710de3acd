import type { SpanResponse, TraceScoreResponse } from "@pandaprobe/sdk";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useQuery } from "../../data/queries.ts";
import { api } from "../../data/session.ts";
import { pagePath } from "../../data/url-state.ts";
import { JsonView } from "../../ui/content/json-view.tsx";
import { formatCounted, metricLabel } from "../../ui/format.ts";
import {
  Ago,
  isApplicable,
  ScoreBar,
  ScoreValue,
  scoredBy,
  scoreNumber,
  thresholdOf,
} from "../../ui/marks.tsx";
import { Answered } from "../../ui/states.tsx";
import { Judgement } from "./judgement.tsx";
import { ScoreForm } from "./score-form.tsx";

/** The newest score of each metric, with its reason; each can be corrected in place. */
export function TraceScores({
  traceId,
  spans,
  onSelect,
}: {
  traceId: string;
  spans: readonly SpanResponse[];
  onSelect: (spanId: string) => void;
}) {
  const scores = useQuery(["trace-scores", traceId], (signal) =>
    api().getTraceScores(traceId, { prefer: "person" }, { signal }),
  );
  const [isAdding, setAdding] = useState(false);
  return (
    <section class="trace-scores" aria-label="Scores">
      <Answered query={scores}>
        {(rows) => (
          <>
            {rows.length === 0 && <p class="muted">No scores yet.</p>}
            <ScoreLines scores={rows.filter(isApplicable)} spans={spans} onSelect={onSelect} />
            {!rows.every(isApplicable) && (
              <details>
                <summary class="muted">
                  {formatCounted(rows.filter((score) => !isApplicable(score)).length, "metric")} had nothing
                  to judge
                </summary>
                <ScoreLines
                  scores={rows.filter((score) => !isApplicable(score))}
                  spans={spans}
                  onSelect={onSelect}
                />
              </details>
            )}
          </>
        )}
      </Answered>
      {isAdding ? (
        <ScoreForm
          verb="Add score"
          onSave={(given) => api().createTraceScore({ trace_id: traceId, ...given })}
          onClose={() => setAdding(false)}
        />
      ) : (
        <button type="button" onClick={() => setAdding(true)}>
          Add a score
        </button>
      )}
    </section>
  );
}

interface ScoreContext {
  readonly spans: readonly SpanResponse[];
  readonly onSelect: (spanId: string) => void;
}

function ScoreLines({ scores, ...context }: ScoreContext & { scores: readonly TraceScoreResponse[] }) {
  if (scores.length === 0) return null;
  return (
    <ul>
      {scores.toSorted(worstFirst).map((score) => (
        <ScoreLine key={score.id} score={score} {...context} />
      ))}
    </ul>
  );
}

function worstFirst(a: TraceScoreResponse, b: TraceScoreResponse): number {
  const rank = (score: TraceScoreResponse) => (score.status === "FAILED" ? -1 : (scoreNumber(score) ?? 2));
  return rank(a) - rank(b) || a.name.localeCompare(b.name);
}

function ScoreLine({ score, spans, onSelect }: ScoreContext & { score: TraceScoreResponse }) {
  const [isOpen, setOpen] = useState(false);
  const [isEditing, setEditing] = useState(false);
  const number = scoreNumber(score);
  const { judged } = score;
  return (
    <li data-row tabIndex={-1} class="score-line">
      <div class="score-head">
        <button
          type="button"
          class="plain score-name"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {metricLabel(score.name)}
        </button>
        {number !== null && <ScoreBar value={number} threshold={thresholdOf(score)} />}
        <ScoreValue score={score} />
        {judged !== null && (
          <span class="judged" title={judged.reason ?? ""}>
            judge: {judged.value ?? "failed"}
          </span>
        )}
        <button type="button" class="plain" data-correct onClick={() => setEditing(!isEditing)}>
          Correct
        </button>
      </div>
      {score.reason !== null && (
        <p class={isOpen ? "reason" : "reason reason-line"}>{withStepLinks(score.reason, spans, onSelect)}</p>
      )}
      {isEditing && (
        <ScoreForm
          verb="Save"
          score={score}
          onSave={({ value, reason }) => api().updateTraceScore(score.id, { value, reason: reason ?? null })}
          onClose={() => setEditing(false)}
        />
      )}
      {isOpen && (
        <div class="score-more">
          <dl class="facts facts-line">
            <Fact label="Exact value">{score.value ?? "–"}</Fact>
            <Fact label="Threshold">{thresholdOf(score) ?? "–"}</Fact>
            <Fact label="By">{scoredBy(score)}</Fact>
            <Fact label="Scored">
              <Ago time={score.updated_at} />
            </Fact>
            {score.eval_run_id !== null && (
              <Fact label="Run">
                <a href={pagePath(["runs", "trace", score.eval_run_id])}>Open</a>
              </Fact>
            )}
          </dl>
          {judged !== null && (
            <p>
              <strong>The judge said {judged.value ?? "nothing"}:</strong> {judged.reason}
            </p>
          )}
          <JsonView value={score.metadata} />
          <Judgement score={score} />
        </div>
      )}
    </li>
  );
}

function Fact({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A reason with each "step 4" that it names as a link to that span. */
function withStepLinks(
  reason: string,
  spans: readonly SpanResponse[],
  onSelect: (spanId: string) => void,
): ComponentChildren[] {
  return reason.split(/(\bsteps? \d+)/i).map((part, index) => {
    const span = index % 2 === 1 ? spans[Number(part.replace(/\D+/g, "")) - 1] : undefined;
    if (span === undefined) return part;
    return (
      <button
        key={index}
        type="button"
        class="step-link"
        title={span.name}
        onClick={() => onSelect(span.span_id)}
      >
        {part}
      </button>
    );
  });
}
