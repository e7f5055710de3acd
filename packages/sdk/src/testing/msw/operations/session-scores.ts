import type { contract } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { newestFirst, pageOf } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";
import { matchingScores } from "../scores/matching-scores.ts";
import { listedScores, shownScore } from "../scores/preferred-scores.ts";
import { selectScores } from "../scores/select-scores.ts";
import { changeScore, deleteScore, findScore, revisionsOf, sentScore } from "../scores/write-scores.ts";
import { sessionScoresOf } from "../state/project.ts";
import { sessionTraces } from "../traces/sessions.ts";
import { sessionContent } from "../traces/trace-content.ts";

export const sessionScores: Handlers<typeof contract.sessionScores> = {
  createSessionScore({ body, world, project }) {
    const { session_id } = body;
    if (sessionTraces(project, session_id).length === 0) throw notFound("session", session_id);
    const content = sessionContent(project, session_id);
    const score = { ...sentScore(world, project, body), session_id, content };
    project.sessionScores.set(score.id, { score, revisions: [] });
    return shownScore(project, score);
  },
  listSessionScores({ query, project }) {
    const { release: _, environment: _e, tags: _t, user_id: _u, trace_name: _n, model: _m, ...rest } = query;
    const { session_ids: targets, ...own } = rest;
    const listed = listedScores(project, sessionScoresOf(project), { ...query, targets });
    const scores = selectScores(project, listed, query);
    const page = pageOf(newestFirst(matchingScores(scores, own)), query);
    return { ...page, items: page.items.map((score) => shownScore(project, score)) };
  },
  getSessionScores({ path, query, project }) {
    const its = listedScores(project, sessionScoresOf(project), { ...query, targets: [path.session_id] });
    return newestFirst(its).map((score) => shownScore(project, score));
  },
  updateSessionScore({ path, body, world, project }) {
    const stored = findScore(project.sessionScores, path.score_id);
    const contentNow = () => sessionContent(project, stored.score.session_id);
    return shownScore(project, changeScore(world, stored, body, contentNow));
  },
  getSessionScoreRevisions: ({ path, project }) =>
    revisionsOf(findScore(project.sessionScores, path.score_id)),
  deleteSessionScore({ path, project }) {
    deleteScore(project.sessionScores, path.score_id);
    return undefined;
  },
};
