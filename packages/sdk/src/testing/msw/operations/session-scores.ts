import type { contract } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { newestFirst, pageOf } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";
import { matchingScores } from "../scores/matching-scores.ts";
import { selectScores } from "../scores/select-scores.ts";

export const sessionScores: Handlers<typeof contract.sessionScores> = {
  listSessionScores({ query, project }) {
    const { release: _, environment: _e, tags: _t, user_id: _u, trace_name: _n, model: _m, ...own } = query;
    const scores = selectScores(project, [...project.sessionScores.values()], query);
    return pageOf(newestFirst(matchingScores(scores, own)), query);
  },
  getSessionScores: ({ path, project }) =>
    newestFirst(
      [...project.sessionScores.values()].filter(({ session_id }) => session_id === path.session_id),
    ),
  deleteSessionScore({ path, project }) {
    if (!project.sessionScores.delete(path.score_id)) throw notFound("score", path.score_id);
    return undefined;
  },
};
