import type { OtelEvaluation } from "@pandaprobe/contract/rules";
import type { Project } from "../state/project.ts";
import { traceContent } from "../traces/trace-content.ts";
import type { World } from "../world.ts";
import { sentScore } from "./write-scores.ts";

const dayMs = 86_400_000;

/** Stores evaluation results, each once. Those whose trace does not exist wait for it. */
export function noteEvaluations(
  world: World,
  project: Project,
  evaluations: readonly OtelEvaluation[],
): void {
  for (const waiting of evaluations) {
    const { traceId, spanId, name, time } = waiting;
    const key = JSON.stringify([traceId, spanId, name, time]);
    if (!project.evaluations.has(key)) project.evaluations.set(key, { waiting, at: world.clock.now() });
  }
  scoreEvaluations(world, project);
}

/** Turns the results whose trace has arrived into scores, and deletes those that are older than a day. */
export function scoreEvaluations(world: World, project: Project): void {
  for (const [key, { waiting, at }] of project.evaluations) {
    const trace = project.traces.get(waiting?.traceId ?? "");
    if (at < world.clock.now() - dayMs) project.evaluations.delete(key);
    else if (waiting !== null && trace !== undefined) {
      project.evaluations.set(key, { waiting: null, at });
      const { name, data_type, value, reason, metadata } = waiting;
      const score = {
        ...sentScore(world, project, {
          trace_id: waiting.traceId,
          name,
          data_type,
          value,
          reason,
          metadata: { ...metadata },
          source: "PROGRAMMATIC",
        }),
        trace_id: waiting.traceId,
        environment: trace.fields.environment,
        config_id: null,
        content: traceContent(trace),
      };
      project.traceScores.set(score.id, { score, revisions: [] });
    }
  }
}
