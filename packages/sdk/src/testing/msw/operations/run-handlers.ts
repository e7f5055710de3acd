import type {
  EvalRunResponse,
  EvaluationStatus,
  RetryEvalRunRequest,
  ScorePreference,
  SessionScoreResponse,
  TraceScoreResponse,
} from "@pandaprobe/contract";
import { isOpen, preferredWait } from "@pandaprobe/contract/rules";
import { newestFirst, pageOf } from "../lists.ts";
import { jsonResponse } from "../responses.ts";
import { cancelRun, deleteRun } from "../runs/end-run.ts";
import { hurryRun } from "../runs/progress-run.ts";
import { retryRun } from "../runs/retry-run.ts";
import { runEvents } from "../runs/run-events.ts";
import type { TargetKind } from "../runs/target-kind.ts";
import { findRun } from "../runs/target-kind.ts";
import { preferredFor, shownScore } from "../scores/preferred-scores.ts";
import type { Judged, Project } from "../state/project.ts";
import type { World } from "../world.ts";

interface Scope {
  readonly project: Project;
  readonly world: World;
}

interface OfRun extends Scope {
  readonly path: { readonly run_id: string };
}

interface Asked {
  readonly headers: Headers;
  readonly signal: AbortSignal;
}

interface Page {
  readonly limit: number;
  readonly offset: number;
}

interface RunScoresQuery {
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  readonly prefer?: ScorePreference | undefined;
}

/** The operations that trace runs and session runs share. */
export function runHandlers<Filters>(kind: TargetKind<Filters>) {
  return {
    list({ project, query }: Scope & { query: Page & { status?: EvaluationStatus | undefined } }) {
      const runs = [...project.runs.values()]
        .filter(({ type }) => type === kind.type)
        .map(({ response }) => response)
        .filter(({ status }) => query.status === undefined || status === query.status);
      return pageOf(newestFirst(runs), query);
    },
    get({ path, headers, project, world }: OfRun & Asked): EvalRunResponse | Response {
      const run = findRun(project, kind, path.run_id);
      const seconds = preferredWait(headers.get("prefer"));
      if (seconds === undefined) return run.response;
      // Tests should not wait, so the next change happens now.
      if (seconds > 0 && isOpen(run.response)) hurryRun(world, project, run);
      return jsonResponse(run.response, 200, { "preference-applied": `wait=${seconds}` });
    },
    events({ path, headers, signal, project, world }: OfRun & Asked): Response {
      const run = findRun(project, kind, path.run_id);
      return runEvents({ world, project, signal }, run, headers.get("last-event-id"));
    },
    scores<Score extends Judged<TraceScoreResponse> | Judged<SessionScoreResponse>>(
      { path, query, project }: OfRun & { query: RunScoresQuery },
      scores: readonly Score[],
    ) {
      const { response } = findRun(project, kind, path.run_id);
      const its = newestFirst(scores.filter((score) => score.eval_run_id === response.id));
      const { offset = 0, limit = its.length, prefer } = query;
      return its
        .slice(offset, offset + limit)
        .map((score) => (prefer && preferredFor(project, scores, score, prefer)) ?? score)
        .map((score) => shownScore(project, score));
    },
    retry: ({
      path,
      body,
      ...scope
    }: OfRun & { body: RetryEvalRunRequest | null | undefined }): EvalRunResponse =>
      retryRun(kind, { world: scope.world, project: scope.project }, path.run_id, body ?? {}),
    cancel: ({ path, project, world }: OfRun): EvalRunResponse =>
      cancelRun(world, findRun(project, kind, path.run_id)),
    delete({ path, query, project, world }: OfRun & { query: { delete_scores: boolean } }): undefined {
      deleteRun(world, project, findRun(project, kind, path.run_id), query.delete_scores);
    },
  };
}
