import type { ScorePreference } from "@pandaprobe/contract";
import { sorted } from "../lists.ts";
import type { AnyScore, Project } from "../state/project.ts";
import { sessionContent, traceContent } from "../traces/trace-content.ts";

/** A stored score as it is answered. */
export function shownScore<Score extends AnyScore>(project: Project, score: Score) {
  const { content: _content, corrected: _corrected, ...shown } = score;
  return { ...shown, stale: isStale(project, score) };
}

/** Whether the score is one that `prefer` puts first, and its trace or session has not changed since. */
export function isPreferred(project: Project, score: AnyScore, prefer: ScorePreference): boolean {
  const isPersons = prefer === "annotation" || score.corrected || score.author_user_id !== null;
  return score.source === "ANNOTATION" && isPersons && !isStale(project, score);
}

/** The score that `prefer` shows instead of this one: the latest preferred one with the same target and name. */
export function preferredFor<Score extends AnyScore>(
  project: Project,
  all: readonly Score[],
  score: Score,
  prefer: ScorePreference,
): Score | undefined {
  const words = all.filter(
    (other) =>
      other.name === score.name && targetOf(other) === targetOf(score) && isPreferred(project, other, prefer),
  );
  return sorted(words, ({ updated_at, id }) => [updated_at, id], "desc")[0];
}

/** Without the scores that `prefer` leaves out, because there is a preferred one with the same target and name. */
export function withoutOutranked<Score extends AnyScore>(
  project: Project,
  all: readonly Score[],
  prefer: ScorePreference | undefined,
): readonly Score[] {
  if (prefer === undefined) return all;
  return all.filter(
    (score) => isPreferred(project, score, prefer) || preferredFor(project, all, score, prefer) === undefined,
  );
}

function isStale(project: Project, score: AnyScore): boolean {
  return score.content !== null && score.content !== contentOf(project, score);
}

function contentOf(project: Project, score: AnyScore): number | null {
  if ("session_id" in score) return sessionContent(project, score.session_id);
  const trace = project.traces.get(score.trace_id);
  return trace === undefined ? null : traceContent(trace);
}

function targetOf(score: AnyScore): string {
  return "session_id" in score ? score.session_id : score.trace_id;
}
