import type { ScoreGroupBy, ScoreSource } from "@pandaprobe/contract";
import type { Project, StoredTrace } from "../state/project.ts";
import { matchingTraces } from "../traces/matching-traces.ts";
import { sessionTraces } from "../traces/sessions.ts";

/** The fields of a score by which it is selected and grouped. */
export interface SelectedScore {
  readonly trace_id?: string;
  readonly session_id?: string;
  readonly source: ScoreSource;
  readonly eval_run_id: string | null;
}

export interface ScoreFilters {
  readonly release?: string | undefined;
  readonly environment?: string | undefined;
  readonly tags?: string[] | undefined;
  readonly user_id?: string | undefined;
  readonly trace_name?: string | undefined;
  readonly source?: ScoreSource | undefined;
  readonly model?: string | undefined;
  readonly eval_run_id?: string | undefined;
}

/**
 * The scores that match all given filters. Trace filters apply to the trace as it is now, or to any one trace
 * of a session.
 */
export function selectScores<Score extends SelectedScore>(
  project: Project,
  scores: readonly Score[],
  filters: ScoreFilters,
): Score[] {
  const { source, model, eval_run_id, release, environment, tags, user_id, trace_name } = filters;
  const ofTrace = { release, environment, tags, user_id, trace_name };
  const needsTrace = Object.values(ofTrace).some((value) => value !== undefined);
  return scores.filter(
    (score) =>
      (source === undefined || score.source === source) &&
      (eval_run_id === undefined || score.eval_run_id === eval_run_id) &&
      (model === undefined || judgesOf(project, score).includes(model)) &&
      (!needsTrace || tracesOf(project, score, ofTrace).length > 0),
  );
}

/** The distinct values by which a score is grouped: those of its matching traces, or its own. */
export function groupValues(
  project: Project,
  score: SelectedScore,
  groupBy: ScoreGroupBy,
  filters: ScoreFilters,
): Set<string> {
  const values = () => {
    if (groupBy === "source" || groupBy === "eval_run_id") return [score[groupBy]];
    if (groupBy === "model") return judgesOf(project, score);
    return tracesOf(project, score, filters).flatMap(({ fields }) =>
      groupBy === "tags" ? fields.tags : [groupBy === "trace_name" ? fields.name : fields[groupBy]],
    );
  };
  return new Set(values().filter((value) => value != null));
}

function judgesOf(project: Project, { eval_run_id: id }: SelectedScore): readonly (string | null)[] {
  const run = id === null ? undefined : project.runs.get(id)?.response;
  return run === undefined ? [] : (run.judges ?? [run.model]);
}

function tracesOf(
  project: Project,
  { trace_id: traceId, session_id: sessionId }: SelectedScore,
  { release, environment, tags, user_id, trace_name: name }: ScoreFilters,
): StoredTrace[] {
  const own = traceId === undefined ? undefined : project.traces.get(traceId);
  const traces =
    sessionId === undefined
      ? [own].filter((trace) => trace !== undefined)
      : sessionTraces(project, sessionId);
  return matchingTraces(traces, { release, environment, tags, user_id, name });
}
