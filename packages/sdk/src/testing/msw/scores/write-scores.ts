import type {
  CreateSessionScoreRequest,
  CreateTraceScoreRequest,
  ScoreChange,
  TraceScoreRevision,
} from "@pandaprobe/contract";
import { changedMetadata, changedValue, notFound } from "@pandaprobe/contract/rules";
import { isoTime } from "../state/clock.ts";
import type { AnyScore, Project, StoredScore } from "../state/project.ts";
import type { World } from "../world.ts";

/** The fields of a score that a client sends, except its target. */
export function sentScore(
  world: World,
  project: Project,
  body: CreateTraceScoreRequest | CreateSessionScoreRequest,
) {
  const at = isoTime(world.clock.now());
  return {
    id: world.ids.next(),
    project_id: project.id,
    name: body.name,
    data_type: body.data_type,
    value: body.value,
    source: body.source,
    status: "SUCCESS" as const,
    eval_run_id: null,
    author_user_id: body.author_user_id ?? null,
    judged: null,
    reason: body.reason ?? null,
    metadata: body.metadata ?? {},
    created_at: at,
    updated_at: at,
    corrected: false,
  };
}

/** @throws ProblemError `not_found` */
export function findScore<Score extends AnyScore>(
  scores: ReadonlyMap<string, StoredScore<Score>>,
  id: string,
): StoredScore<Score> {
  const stored = scores.get(id);
  if (stored === undefined) throw notFound("score", id);
  return stored;
}

/** Changes the given fields, and keeps the previous state. @param contentNow the hash of the score's target */
export function changeScore<Score extends AnyScore>(
  world: World,
  stored: StoredScore<Score>,
  change: ScoreChange,
  contentNow: () => number,
): Score {
  const { score, revisions } = stored;
  const at = isoTime(world.clock.now());
  const { value, status } = changedValue(score, change.value);
  const { id, source, author_user_id, reason, metadata, updated_at } = score;
  revisions.push({
    score_id: id,
    revision: revisions.length + 1,
    value: score.value,
    status: score.status,
    source,
    eval_run_id: score.eval_run_id,
    author_user_id,
    reason,
    metadata,
    set_at: updated_at,
    replaced_at: at,
  });
  stored.score = {
    ...score,
    value,
    reason: change.reason === undefined ? reason : change.reason,
    author_user_id: change.author_user_id === undefined ? author_user_id : change.author_user_id,
    metadata: changedMetadata(score, value, change),
    judged:
      source === "AUTOMATED" ? { value: score.value, reason, eval_run_id: score.eval_run_id } : score.judged,
    status,
    source: "ANNOTATION",
    updated_at: at,
    ...(change.value != null && { corrected: true, content: contentNow() }),
  };
  return stored.score;
}

/** The states of a score before each of its changes. They share its run. */
export function revisionsOf({ score, revisions }: StoredScore<AnyScore>): TraceScoreRevision[] {
  return revisions.map((revision) => ({ ...revision, eval_run_id: score.eval_run_id }));
}

/** @throws ProblemError `not_found` */
export function deleteScore(scores: Map<string, unknown>, id: string): void {
  if (!scores.delete(id)) throw notFound("score", id);
}
