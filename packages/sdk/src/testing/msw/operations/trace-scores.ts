import type { contract } from "@pandaprobe/contract";
import { newestFirst, pageOf, sorted } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";
import { matchingScores } from "../scores/matching-scores.ts";
import { latestScores, listedScores, shownScore } from "../scores/preferred-scores.ts";
import { scoreJudgement } from "../scores/score-judgement.ts";
import { selectScores } from "../scores/select-scores.ts";
import { changeScore, deleteScore, findScore, revisionsOf, sentScore } from "../scores/write-scores.ts";
import { traceScoresOf } from "../state/project.ts";
import { traceContent } from "../traces/trace-content.ts";
import { findTrace } from "../traces/trace-store.ts";

export const traceScores: Handlers<typeof contract.traceScores> = {
  createTraceScore({ body, world, project }) {
    const trace = findTrace(project, body.trace_id);
    const score = {
      ...sentScore(world, project, body),
      trace_id: body.trace_id,
      environment: trace.fields.environment,
      config_id: null,
      content: traceContent(trace),
    };
    project.traceScores.set(score.id, { score, revisions: [] });
    return shownScore(project, score);
  },
  listTraceScores({ query, project }) {
    const {
      release: _,
      tags: _t,
      user_id: _u,
      trace_name: _n,
      model: _m,
      trace_ids: targets,
      ...own
    } = query;
    const listed = listedScores(project, traceScoresOf(project), { ...query, targets });
    const scores = selectScores(project, listed, { ...query, environment: undefined });
    const page = pageOf(newestFirst(matchingScores(scores, own)), query);
    return { ...page, items: page.items.map((score) => shownScore(project, score)) };
  },
  getTraceScores({ path, query, project }) {
    const its = traceScoresOf(project).filter(({ trace_id }) => trace_id === path.trace_id);
    const latest = sorted(latestScores(project, its, query.prefer), ({ name }) => [name]);
    return latest.map((score) => shownScore(project, score));
  },
  updateTraceScore({ path, body, world, project }) {
    const stored = findScore(project.traceScores, path.score_id);
    const contentNow = () => traceContent(findTrace(project, stored.score.trace_id));
    return shownScore(project, changeScore(world, stored, body, contentNow));
  },
  getTraceScoreRevisions: ({ path, project }) => revisionsOf(findScore(project.traceScores, path.score_id)),
  getTraceScoreJudgement({ path, query, project }) {
    const { score } = findScore(project.traceScores, path.score_id);
    return scoreJudgement(project, shownScore(project, score), query);
  },
  deleteTraceScore({ path, project }) {
    deleteScore(project.traceScores, path.score_id);
    return undefined;
  },
};
