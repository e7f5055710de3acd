import type { EvalRunFilters, SessionEvalRunFilters } from "@pandaprobe/contract";
import {
  notFound,
  sessionTargets,
  type TargetNames,
  type TargetType,
  traceTargets,
} from "@pandaprobe/contract/rules";
import { groupedBy } from "../lists.ts";
import { type Project, type Run, sessionScoresOf } from "../state/project.ts";
import { matchingTraces } from "../traces/matching-traces.ts";
import { sessionTraces } from "../traces/sessions.ts";

/** How runs over traces and runs over sessions differ. */
export interface TargetKind<Filters> extends TargetNames {
  /** The ids of the matching targets. */
  matching(project: Project, filters: Filters): string[];
  exists(project: Project, id: string): boolean;
  /** Whether the run has a successful score for the item of this target and metric. */
  isDone(project: Project, run: Run, id: string, metric: string): boolean;
}

export const traceKind: TargetKind<EvalRunFilters> = {
  ...traceTargets,
  matching: (project, filters) =>
    matchingTraces(project.traces.values(), filters).map(({ fields }) => fields.trace_id),
  exists: (project, id) => project.traces.has(id),
  isDone: (project, run, id, metric) =>
    [...project.traceScores.values()].some(
      ({ score }) =>
        score.eval_run_id === run.response.id &&
        score.trace_id === id &&
        score.name === metric &&
        score.status === "SUCCESS",
    ),
};

export const sessionKind: TargetKind<SessionEvalRunFilters> = {
  ...sessionTargets,
  matching(project, { has_error: hasError, min_trace_count: least, trace_name: name, ...filters }) {
    const matching = matchingTraces(project.traces.values(), { ...filters, name });
    return [...groupedBy(matching, ({ fields }) => fields.session_id)]
      .filter(([, traces]) => {
        const failed = traces.some(({ fields }) => fields.status === "ERROR");
        return (hasError == null || failed === hasError) && traces.length >= (least ?? 1);
      })
      .map(([id]) => id);
  },
  exists: (project, id) => sessionTraces(project, id).length > 0,
  // A score with failed signals is evaluated again.
  isDone: (project, run, id, metric) =>
    sessionScoresOf(project).some(
      (score) =>
        score.eval_run_id === run.response.id &&
        score.session_id === id &&
        score.name === metric &&
        score.status === "SUCCESS" &&
        !("failed_signals" in score.metadata),
    ),
};

export function kindOf(type: TargetType): TargetKind<never> {
  return type === "TRACE" ? traceKind : sessionKind;
}

/** A run of this kind. @throws ProblemError `not_found`, also for a run of the other kind */
export function findRun(project: Project, { type, noun }: TargetNames, id: string): Run {
  const run = project.runs.get(id);
  if (run?.type !== type) throw notFound(`${noun} run`, id);
  return run;
}
