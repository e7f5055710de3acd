import type { contract, SpanScoreResponse } from "@pandaprobe/contract";
import { changedMetadata, changedValue, notFound } from "@pandaprobe/contract/rules";
import { newestFirst, pageOf } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";
import { matchingScores } from "../scores/matching-scores.ts";
import { isoTime } from "../state/clock.ts";
import type { Project } from "../state/project.ts";

export const spanScores: Handlers<typeof contract.spanScores> = {
  createSpanScore({ body, world, project }) {
    const { trace_id, span_id } = body;
    if (project.traces.get(trace_id)?.spans.has(span_id) !== true) throw notFound("span", span_id);
    const at = isoTime(world.clock.now());
    const score = {
      id: world.ids.next(),
      project_id: project.id,
      ...body,
      author_user_id: body.author_user_id ?? null,
      reason: body.reason ?? null,
      metadata: body.metadata ?? {},
      created_at: at,
      updated_at: at,
    };
    project.spanScores.set(score.id, score);
    return score;
  },
  listSpanScores: ({ query, project }) =>
    pageOf(newestFirst(matchingScores([...project.spanScores.values()], query)), query),
  getSpanScore: ({ path, project }) => find(project, path.score_id),
  updateSpanScore({ path, body, world, project }) {
    const stored = find(project, path.score_id);
    const { value } = changedValue({ ...stored, status: "SUCCESS" }, body.value);
    const changed = {
      ...stored,
      value: value ?? stored.value,
      reason: body.reason === undefined ? stored.reason : body.reason,
      author_user_id: body.author_user_id === undefined ? stored.author_user_id : body.author_user_id,
      metadata: changedMetadata(stored, value, body),
      source: "ANNOTATION" as const,
      updated_at: isoTime(world.clock.now()),
    };
    project.spanScores.set(stored.id, changed);
    return changed;
  },
  deleteSpanScore({ path, project }) {
    project.spanScores.delete(find(project, path.score_id).id);
    return undefined;
  },
};

function find(project: Project, id: string): SpanScoreResponse {
  const score = project.spanScores.get(id);
  if (score === undefined) throw notFound("score", id);
  return score;
}
