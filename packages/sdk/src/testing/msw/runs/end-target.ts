import { sessionTraces } from "../sessions/session-traces.ts";
import type { Project } from "../state/project.ts";
import { traceResponse } from "../traces/trace-response.ts";
import type { World } from "../world.ts";
import { outcomeOf } from "./outcome.ts";
import type { Run, Target } from "./run.ts";
import { scoreSession } from "./score-session.ts";
import { storeSessionScore, storeTraceScore } from "./store-score.ts";

/**
 * Scores a target by its metrics. Of one that was deleted meanwhile all pairs fail, without a score.
 *
 * @returns how many pairs failed.
 */
export function endTarget(world: World, project: Project, run: Run, target: Target, at: string): number {
  const scope = { world, project, run, at };
  if (run.type === "SESSION") {
    const traces = sessionTraces(project, target.id);
    if (traces.length === 0) return target.metrics.length;
    const outcomes = scoreSession(scope, target, traces);
    for (const [metric, outcome] of outcomes) storeSessionScore(scope, target.id, metric, outcome);
    return outcomes.filter(([, { status }]) => status === "FAILED").length;
  }
  const stored = project.traces.get(target.id);
  if (stored === undefined) return target.metrics.length;
  const trace = traceResponse(stored);
  const outcomes = target.metrics.map((metric) => {
    const result = world.scores.answer({ metric, trace, sessionId: trace.session_id });
    const outcome = outcomeOf(run, metric, result);
    storeTraceScore(scope, trace, metric, outcome);
    return outcome;
  });
  return outcomes.filter(({ status }) => status === "FAILED").length;
}
