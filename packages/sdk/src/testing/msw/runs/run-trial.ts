import type { MetricTrial, TryMetricRequest } from "@pandaprobe/contract";
import {
  asksQuestions,
  isComputedMetric,
  judgeOf,
  refusalProblem,
  type TriedMetric,
  unknownTargets,
} from "@pandaprobe/contract/rules";
import { resolvedModel } from "../judges.ts";
import type { Project } from "../state/project.ts";
import { traceResponse } from "../traces/trace-response.ts";
import type { World } from "../world.ts";
import { outcomeOf } from "./scores.ts";
import { kindOf } from "./target-kind.ts";

const noUsage = { calls: 0, cached_calls: 0, input_tokens: 0, output_tokens: 0, cost_usd: 0 };

/** Scores a few targets as a run would, and stores nothing. @throws ProblemError */
export function runTrial(
  { world, project }: { readonly world: World; readonly project: Project },
  name: string,
  { model: requested }: Pick<TryMetricRequest, "model">,
  { own, targets, ids }: TriedMetric,
): MetricTrial {
  const model = resolvedModel(world, requested ?? (own && judgeOf(own.definition)) ?? null);
  const kind = kindOf(targets.type);
  const unknown = ids.filter((id) => !kind.exists(project, id));
  if (unknown.length > 0) throw refusalProblem(unknownTargets(targets.noun, targets.idsField, unknown));
  project.runTimes.push(world.clock.now());
  const judging = {
    type: targets.type,
    thresholds: {},
    own: new Map(own === undefined ? [] : [[name, own]]),
    others: new Map(),
    response: { model, repeats: 1, judges: null, aggregate: null },
  };
  const asks = own === undefined ? !isComputedMetric(name) : asksQuestions(own.definition);
  return {
    name,
    version: own?.version ?? null,
    model: asks ? model : null,
    results: ids.map((id) => {
      const stored = targets.type === "TRACE" ? project.traces.get(id) : undefined;
      const trace = stored === undefined ? null : traceResponse(stored);
      const sessionId = trace === null ? id : trace.session_id;
      const answer = world.scores.answer({ metric: name, trace, sessionId });
      return {
        trace_id: trace?.trace_id ?? null,
        session_id: trace === null ? id : null,
        ...outcomeOf(judging, name, answer),
        usage: noUsage,
      };
    }),
  };
}
