import type { ScorePreference } from "@pandaprobe/contract";
import { groupedBy, newestFirst, sorted } from "../lists.ts";
import type { AnyScore, Project } from "../state/project.ts";
import { sessionContent, traceContent } from "../traces/trace-content.ts";

/** A stored score as it is returned. */
export function shownScore<Score extends AnyScore>(project: Project, score: Score) {
  const { content: _content, corrected: _corrected, ...shown } = score;
  return { ...shown, stale: isStale(project, score) };
}

/** Whether `prefer` puts the score first, and its trace or session has not changed since. */
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

/** Removes scores for which there is a preferred one with the same target and name. */
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

/** One score for each target and name: the newest, or the preferred score that was given or changed last. */
export function latestScores<Score extends AnyScore>(
  project: Project,
  all: readonly Score[],
  prefer: ScorePreference | undefined,
): Score[] {
  const groups = groupedBy(newestFirst(all), (score) => JSON.stringify([targetOf(score), score.name]));
  return [...groups.values()].flatMap((group) => {
    const [newest] = group;
    if (newest === undefined) return [];
    return (prefer && preferredFor(project, group, newest, prefer)) ?? newest;
  });
}

/** The scores of these targets, or of all, without those that `prefer` and `latest` leave out. */
export function listedScores<Score extends AnyScore>(
  project: Project,
  all: readonly Score[],
  {
    targets,
    prefer,
    latest,
  }: {
    readonly targets?: readonly string[] | undefined;
    readonly prefer?: ScorePreference | undefined;
    readonly latest?: boolean | undefined;
  },
): readonly Score[] {
  const scores = targets === undefined ? all : all.filter((score) => targets.includes(targetOf(score)));
  return latest === true ? latestScores(project, scores, prefer) : withoutOutranked(project, scores, prefer);
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
