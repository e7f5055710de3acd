import type { contract, TraceScoreResponse } from "@pandaprobe/contract";
import { changedMetadata, changedValue, notFound } from "@pandaprobe/contract/rules";
import { newestFirst, pageOf, sorted } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";
import { matchingScores } from "../scores/matching-scores.ts";
import { preferredFor, shownScore, withoutOutranked } from "../scores/preferred-scores.ts";
import { selectScores } from "../scores/select-scores.ts";
import { isoTime } from "../state/clock.ts";
import type { Judged, Project, StoredScore } from "../state/project.ts";
import { traceContent } from "../traces/trace-content.ts";
import { findTrace } from "../traces/trace-store.ts";

export const traceScores: Handlers<typeof contract.traceScores> = {
  createTraceScore({ body, world, project }) {
    const trace = findTrace(project, body.trace_id);
    const at = isoTime(world.clock.now());
    const score: Judged<TraceScoreResponse> = {
      id: world.ids.next(),
      trace_id: body.trace_id,
      project_id: project.id,
      name: body.name,
      data_type: body.data_type,
      value: body.value,
      source: body.source,
      status: "SUCCESS",
      eval_run_id: null,
      author_user_id: body.author_user_id ?? null,
      judged: null,
      reason: body.reason ?? null,
      environment: trace.fields.environment,
      config_id: null,
      metadata: body.metadata ?? {},
      created_at: at,
      updated_at: at,
      content: traceContent(trace),
      corrected: false,
    };
    project.traceScores.set(score.id, { score, revisions: [] });
    return shownScore(project, score);
  },
  listTraceScores({ query, project }) {
    const { release: _, tags: _t, user_id: _u, trace_name: _n, model: _m, ...own } = query;
    const standing = withoutOutranked(project, all(project), query.prefer);
    const scores = selectScores(project, standing, { ...query, environment: undefined });
    const page = pageOf(newestFirst(matchingScores(scores, own)), query);
    return { ...page, items: page.items.map((score) => shownScore(project, score)) };
  },
  getTraceScores({ path, query, project }) {
    const its = newestFirst(all(project).filter(({ trace_id }) => trace_id === path.trace_id));
    const newest = new Map(its.toReversed().map((score) => [score.name, score]));
    return sorted(newest.values(), ({ name }) => [name])
      .map((score) => (query.prefer && preferredFor(project, its, score, query.prefer)) ?? score)
      .map((score) => shownScore(project, score));
  },
  updateTraceScore({ path, body, world, project }) {
    const stored = findScore(project, path.score_id);
    const { score, revisions } = stored;
    const at = isoTime(world.clock.now());
    const { value, status } = changedValue(score, body.value);
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
      reason: body.reason === undefined ? reason : body.reason,
      author_user_id: body.author_user_id === undefined ? author_user_id : body.author_user_id,
      metadata: changedMetadata(score, value, body),
      judged:
        source === "AUTOMATED"
          ? { value: score.value, reason, eval_run_id: score.eval_run_id }
          : score.judged,
      status,
      source: "ANNOTATION",
      updated_at: at,
      ...(body.value != null && {
        corrected: true,
        content: traceContent(findTrace(project, score.trace_id)),
      }),
    };
    return shownScore(project, stored.score);
  },
  getTraceScoreRevisions({ path, project }) {
    const { score, revisions } = findScore(project, path.score_id);
    return revisions.map((revision) => ({ ...revision, eval_run_id: score.eval_run_id }));
  },
  deleteTraceScore({ path, project }) {
    if (!project.traceScores.delete(path.score_id)) throw notFound("score", path.score_id);
    return undefined;
  },
};

function all(project: Project): Judged<TraceScoreResponse>[] {
  return [...project.traceScores.values()].map(({ score }) => score);
}

function findScore(project: Project, id: string): StoredScore {
  const stored = project.traceScores.get(id);
  if (stored === undefined) throw notFound("score", id);
  return stored;
}
