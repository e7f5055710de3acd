import type { EvalRunFilters, SessionEvalRunFilters } from "@pandaprobe/contract";
import { groupedBy } from "../lists.ts";
import type { Project, Run, TargetType } from "../state/project.ts";
import { matchingTraces } from "../traces/matching-traces.ts";
import { sessionTraces } from "../traces/sessions.ts";

/** What runs over traces and runs over sessions do differently. */
export interface TargetKind<Filters> {
  readonly type: TargetType;
  readonly noun: "trace" | "session";
  /** Where `filters` of a run over given targets lists them. */
  readonly idsField: "trace_ids" | "session_ids";
  /** The ids of the targets that match. */
  matching(project: Project, filters: Filters): string[];
  exists(project: Project, id: string): boolean;
  /** Whether a run has nothing left to do for a pair. */
  isDone(project: Project, run: Run, id: string, metric: string): boolean;
}

export const traceKind: TargetKind<EvalRunFilters> = {
  type: "TRACE",
  noun: "trace",
  idsField: "trace_ids",
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
  type: "SESSION",
  noun: "session",
  idsField: "session_ids",
  matching(project, { has_error: hasError, min_trace_count: least, ...filters }) {
    const matching = matchingTraces(project.traces.values(), filters);
    return [...groupedBy(matching, ({ fields }) => fields.session_id)]
      .filter(([, traces]) => {
        const failed = traces.some(({ fields }) => fields.status === "ERROR");
        return (hasError == null || failed === hasError) && traces.length >= (least ?? 1);
      })
      .map(([id]) => id);
  },
  exists: (project, id) => sessionTraces(project, id).length > 0,
  // A score that lacks signals is worth another try.
  isDone: (project, run, id, metric) =>
    [...project.sessionScores.values()].some(
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
