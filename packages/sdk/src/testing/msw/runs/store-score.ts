import type { Project } from "../state/project.ts";
import type { TraceFields } from "../state/stored-trace.ts";
import type { World } from "../world.ts";
import type { Outcome } from "./outcome.ts";
import type { Run } from "./run.ts";

/** Where a run's scores are stored, and when they were made. */
export interface ScoreScope {
  readonly world: World;
  readonly project: Project;
  readonly run: Run;
  readonly at: string;
}

export function storeTraceScore(
  scope: ScoreScope,
  { trace_id, environment }: Pick<TraceFields, "trace_id" | "environment">,
  metric: string,
  outcome: Outcome,
): void {
  const score = { ...newScore(scope, metric, outcome), trace_id, environment, config_id: null };
  scope.project.traceScores.set(score.id, { score, revisions: [] });
}

export function storeSessionScore(
  scope: ScoreScope,
  sessionId: string,
  metric: string,
  outcome: Outcome,
): void {
  const score = { ...newScore(scope, metric, outcome), session_id: sessionId };
  scope.project.sessionScores.set(score.id, score);
}

function newScore({ world, project, run, at }: ScoreScope, metric: string, outcome: Outcome) {
  return {
    id: world.ids.next(),
    project_id: project.id,
    name: metric,
    data_type: "NUMERIC" as const,
    ...outcome,
    source: "AUTOMATED" as const,
    eval_run_id: run.response.id,
    author_user_id: null,
    created_at: at,
    updated_at: at,
  };
}
