import type { EvalRunResponse, RunProgress } from "@pandaprobe/sdk";
import { useEffect, useState } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso/router";
import { queryClient, useQuery } from "../../data/queries.ts";
import { api, session } from "../../data/session.ts";
import { pagePath, useUrlState } from "../../data/url-state.ts";
import { ActionButton } from "../../ui/action.tsx";
import { Histogram } from "../../ui/charts/histogram.tsx";
import { RateBar } from "../../ui/charts/rate-bar.tsx";
import {
  formatCount,
  formatCounted,
  formatDuration,
  formatMoney,
  formatScore,
  metricLabel,
} from "../../ui/format.ts";
import { Ago, StatusMark } from "../../ui/marks.tsx";
import { newQueuePath } from "../../ui/new-queue-path.ts";
import { judgeText, runName, runPath } from "../../ui/run-table.tsx";
import { Answered } from "../../ui/states.tsx";
import { distributionOf, failuresByReason, type RunScore, resultsByMetric } from "./run-scores.ts";
import { ScoreRows } from "./score-rows.tsx";

/** Scores of a run in progress are asked for this often, in milliseconds. */
const scoresMs = 1000;
/** The newest scores of a large run; statistics cover these. */
const mostScores = 5000;

export function Run() {
  const { params } = useRoute();
  const id = params["id"] ?? "";
  const isTrace = params["kind"] !== "session";
  const run = useQuery(["run", id], (signal) =>
    isTrace ? api().getTraceRun(id, { signal }) : api().getSessionRun(id, { signal }),
  );
  return <Answered query={run}>{(loaded) => <LoadedRun key={id} run={loaded} isTrace={isTrace} />}</Answered>;
}

function LoadedRun({ run, isTrace }: { run: EvalRunResponse; isTrace: boolean }) {
  const isOpen = run.status === "PENDING" || run.status === "RUNNING";
  const progress = useProgress(run, isOpen);
  const { get, set } = useUrlState();
  const scores = useQuery<RunScore[]>(
    ["run-scores", run.id, isOpen],
    (signal) =>
      isTrace
        ? api().getTraceRunScores(run.id, { limit: mostScores }, { signal })
        : api().getSessionRunScores(run.id, { limit: mostScores }, { signal }),
    { every: isOpen && scoresMs, keepPrevious: true },
  );
  // A session run also stores the signals of its traces, which are not among its metrics.
  const own = (scores.data ?? []).filter(({ name }) => run.metric_names.includes(name));
  const failures = failuresByReason(own);
  return (
    <div class="page">
      <header class="page-head trace-head">
        <p class="crumbs">
          <a href={pagePath(["runs"], isTrace ? {} : { kind: "session" })} data-parent>
            Runs
          </a>
        </p>
        <h1>{runName(run)}</h1>
        <p class="facts-text">
          <StatusMark status={run.status} />
          <Ago time={run.created_at} />
          <span>{judgeText(run)}</span>
          <span>
            {formatMoney(run.usage.cost_usd)}
            {run.max_cost_usd !== null && ` of ${formatMoney(run.max_cost_usd)}`}
          </span>
          <span>{formatCounted(run.usage.calls, "call")}</span>
          {run.monitor_id !== null && <a href="/app/monitors">From a monitor</a>}
        </p>
        <RunActions run={run} isTrace={isTrace} isOpen={isOpen} />
      </header>
      {isOpen ? (
        <Progress run={run} progress={progress} />
      ) : (
        <p class="sentence">{sentence(run, failures.length)}</p>
      )}
      {failures.length > 0 && (
        <section class="block" aria-label="Failures">
          <h2>Failures</h2>
          <ul class="failures">
            {failures.slice(0, 20).map(({ reason, scores: failed }) => (
              <li key={reason}>
                <strong>{failed.length}</strong> <span>{reason}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section class="block" aria-label="Metrics">
        <ul class="metrics">
          {resultsByMetric(run.metric_names, own).map((result) => (
            <li key={result.name}>
              <h2>{metricLabel(result.name)}</h2>
              <p>
                <strong class="figure">{result.mean === null ? "n/a" : formatScore(result.mean)}</strong>{" "}
                <span class="muted">mean of {formatCount(result.count)}</span>
              </p>
              {result.graded > 0 && (
                <p class="rate">
                  <RateBar passed={result.passed} graded={result.graded} />{" "}
                  <span>
                    {result.passed} of {result.graded} pass
                  </span>
                </p>
              )}
              <Histogram
                label={metricLabel(result.name)}
                buckets={distributionOf(result.scores)}
                hrefOf={({ bucket }) =>
                  `${runPath(run)}?${new URLSearchParams({ metric: result.name, bucket: String(bucket) })}`
                }
              />
            </li>
          ))}
        </ul>
      </section>
      <ScoreRows
        scores={own}
        metric={get("metric")}
        bucket={get("bucket")}
        onClear={() => set({ metric: undefined, bucket: undefined })}
      />
    </div>
  );
}

/** Follows the run by server-sent events; each event also renews the run that is shown. */
function useProgress({ id, target_type }: EvalRunResponse, isOpen: boolean): RunProgress | null {
  const [progress, setProgress] = useState<RunProgress | null>(null);
  useEffect(() => {
    if (!isOpen) return;
    const stopped = new AbortController();
    const follow = async () => {
      try {
        for await (const next of api().watchRun(id, { signal: stopped.signal })) {
          setProgress(next);
          queryClient.setQueryData([session.value?.project, "run", id], next.run);
        }
      } catch {
        // The run was deleted, or the page was left; the run's own query says which.
        if (!stopped.signal.aborted) queryClient.invalidateQueries();
      }
    };
    follow();
    return () => stopped.abort();
  }, [id, target_type, isOpen]);
  return progress;
}

function Progress({ run, progress }: { run: EvalRunResponse; progress: RunProgress | null }) {
  const share = run.total_targets === 0 ? 0 : run.evaluated_count / run.total_targets;
  return (
    <section class="progress" aria-label="Progress">
      <progress value={share} aria-label="Evaluated" />
      <p class="facts-text" role="status">
        <strong>
          {formatCount(run.evaluated_count)} of {formatCount(run.total_targets)}
        </strong>
        {run.failed_count > 0 && <span>{formatCount(run.failed_count)} failed</span>}
        {progress !== null && progress.ratePerSecond > 0 && (
          <span>{progress.ratePerSecond.toFixed(1)} per second</span>
        )}
        {progress?.remainingMs != null && progress.remainingMs > 0 && (
          <span>{formatDuration(progress.remainingMs)} left</span>
        )}
        {run.waiting_for !== null && (
          <span>
            Waits for {run.waiting_for.model}: {run.waiting_for.reason}
          </span>
        )}
      </p>
    </section>
  );
}

function sentence(run: EvalRunResponse, reasons: number): string {
  if (run.status === "FAILED" && run.error_message !== null) return run.error_message;
  const judged = `${formatCount(run.evaluated_count)} of ${formatCount(run.total_targets)} evaluated`;
  const took =
    run.completed_at === null
      ? ""
      : ` in ${formatDuration(Date.parse(run.completed_at) - Date.parse(run.created_at))}`;
  const failed =
    run.failed_count === 0
      ? ", nothing failed"
      : `, ${formatCounted(run.failed_count, "score")} failed${reasons > 0 ? ` for ${reasons === 1 ? "one reason" : `${reasons} reasons`}` : ""}`;
  return `${judged}${took}${failed}.`;
}

function RunActions({ run, isTrace, isOpen }: { run: EvalRunResponse; isTrace: boolean; isOpen: boolean }) {
  const { route } = useLocation();
  return (
    <div class="actions">
      {isTrace && !isOpen && (
        <a class="button" href={pagePath(["compare"], { b: run.id })}>
          Compare
        </a>
      )}
      {!isOpen && (
        <a class="button" href={newQueuePath(run.metric_names, run.target_type, run.id)}>
          Review a sample
        </a>
      )}
      {isOpen ? (
        <ActionButton
          act={async () => await (isTrace ? api().cancelTraceRun(run.id) : api().cancelSessionRun(run.id))}
        >
          Cancel
        </ActionButton>
      ) : (
        (run.failed_count > 0 || run.status === "FAILED") && (
          <ActionButton
            kind="primary"
            act={async () =>
              route(runPath(await (isTrace ? api().retryTraceRun(run.id) : api().retrySessionRun(run.id))))
            }
          >
            {run.failed_count > 0 ? `Retry ${formatCount(run.failed_count)} failed` : "Retry"}
          </ActionButton>
        )
      )}
      <ActionButton
        kind="danger"
        question="Delete this run? Its scores stay."
        act={async () => {
          await (isTrace ? api().deleteTraceRun(run.id) : api().deleteSessionRun(run.id));
          route("/app/runs");
        }}
      >
        Delete
      </ActionButton>
    </div>
  );
}
