import type { MetricTrial, MetricTrialResult, TryMetricRequest } from "@pandaprobe/sdk/metrics";
import { useState } from "preact/hooks";
import { metricsClient } from "../../data/metrics-client.ts";
import { useQuery } from "../../data/queries.ts";
import { api } from "../../data/session.ts";
import { pagePath } from "../../data/url-state.ts";
import { ActionError, useAction } from "../../ui/action.tsx";
import { formatCount, formatMoney } from "../../ui/format.ts";
import { ScoreValue } from "../../ui/marks.tsx";
import type { TargetKind } from "../../ui/run-form.tsx";
import { Answered } from "../../ui/states.tsx";

/** How many targets one trial takes. */
const mostTried = 5;
/** How many of the latest targets are offered. */
const offered = 10;

/** Judges a few targets and shows what was found. Nothing is stored. */
export function Trial({
  name,
  kind,
  sent,
  onError,
}: {
  name: string;
  kind: TargetKind;
  /** What to try: a version or a draft. */
  sent: () => Pick<TryMetricRequest, "version" | "definition">;
  /** Called with an error and, when a trial begins, with `null`. */
  onError?: (error: unknown) => void;
}) {
  const targets = useLatest(kind);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [trial, setTrial] = useState<MetricTrial | null>(null);
  const trying = useAction(async () => {
    setTrial(null);
    onError?.(null);
    const ids = kind === "trace" ? { trace_ids: [...chosen] } : { session_ids: [...chosen] };
    try {
      setTrial(await metricsClient().tryMetric(name, { ...ids, ...sent() }));
    } catch (error) {
      onError?.(error);
      throw error;
    }
  });
  return (
    <section class="block trial" aria-label="Trial">
      <h2>Try it on {kind === "trace" ? "traces" : "sessions"}</h2>
      <Answered query={targets}>
        {(latest) => (
          <fieldset>
            <legend>Up to {mostTried} of the latest</legend>
            {latest.length === 0 && <p class="muted">This project has none yet.</p>}
            {latest.map(({ id, label }) => (
              <label key={id} class="check">
                <input
                  type="checkbox"
                  checked={chosen.includes(id)}
                  disabled={chosen.length === mostTried && !chosen.includes(id)}
                  onChange={({ currentTarget }) =>
                    setChosen(currentTarget.checked ? [...chosen, id] : chosen.filter((each) => each !== id))
                  }
                />
                {label}
              </label>
            ))}
          </fieldset>
        )}
      </Answered>
      <button
        type="button"
        class="primary"
        disabled={chosen.length === 0 || trying.isBusy}
        onClick={() => trying.run()}
      >
        {trying.isBusy ? "Judging…" : `Try on ${formatCount(chosen.length)}`}
      </button>
      <ActionError error={trying.error} />
      <div role="status">{trial !== null && <Results trial={trial} />}</div>
    </section>
  );
}

function useLatest(kind: TargetKind) {
  return useQuery(["trial-targets", kind], async (signal) => {
    if (kind === "trace") {
      const { items } = await api().listTraces({ limit: offered }, { signal });
      return items.map(({ trace_id, name }) => ({ id: trace_id, label: name }));
    }
    const { items } = await api().listSessions({ limit: offered }, { signal });
    return items.map(({ session_id }) => ({ id: session_id, label: session_id }));
  });
}

function Results({ trial: { name, model, results } }: { trial: MetricTrial }) {
  const usd = results.reduce<number | null>(
    (sum, { usage }) => (sum === null || usage.cost_usd === null ? null : sum + usage.cost_usd),
    0,
  );
  const known = results.reduce((sum, { usage }) => sum + usage.cached_calls, 0);
  return (
    <>
      <p class="muted">
        {model === null ? "No judge was asked" : `Judged by ${model}`}
        {model !== null && `, ${usd === null ? "cost unknown" : formatMoney(usd)}`}
        {known > 0 && `, ${formatCount(known)} answers already stored`}. Nothing was stored.
      </p>
      <ul class="trial-results">
        {results.map((result) => (
          <Result key={result.trace_id ?? result.session_id} name={name} result={result} />
        ))}
      </ul>
    </>
  );
}

interface Answer {
  readonly id: string;
  readonly answer: string;
  readonly why: string;
  readonly spans: readonly string[];
}

function Result({ name, result }: { name: string; result: MetricTrialResult }) {
  const { trace_id, session_id, reason, metadata } = result;
  const path = trace_id === null ? ["sessions", session_id ?? ""] : ["traces", trace_id];
  const answers = Array.isArray(metadata["answers"]) ? (metadata["answers"] as Answer[]) : [];
  const spans = Array.isArray(metadata["spans"]) ? (metadata["spans"] as string[]) : [];
  return (
    <li>
      <div class="score-head">
        <ScoreValue score={{ ...result, name, data_type: "NUMERIC" }} />
        <a href={pagePath(path)}>{trace_id ?? session_id}</a>
        {metadata["success"] === false && result.status === "SUCCESS" && (
          <span class="muted">below the threshold</span>
        )}
      </div>
      {answers.length === 0 ? (
        <p class="reason">
          {reason} <Cited ids={spans} traceId={trace_id} />
        </p>
      ) : (
        <dl class="answers">
          {answers.map(({ id, answer, why, spans: cited }) => (
            <div key={id}>
              <dt>
                <span aria-hidden="true">{answer === "yes" ? "●" : "▲"}</span> {id}: {answer}
              </dt>
              <dd>
                {why} <Cited ids={cited} traceId={trace_id} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}

/** Links to the spans that an answer cites, or to the traces of a session. */
function Cited({ ids, traceId }: { ids: readonly string[]; traceId: string | null }) {
  return (
    <>
      {ids.map((id, index) => (
        <a
          key={id}
          class="step-link"
          href={traceId === null ? pagePath(["traces", id]) : pagePath(["traces", traceId], { span: id })}
        >
          {traceId === null ? "trace" : "step"} {index + 1}
        </a>
      ))}
    </>
  );
}
