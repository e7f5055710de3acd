import type { contract, ScorePreference } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { newestFirst, pageOf } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";
import { matchingScores } from "../scores/matching-scores.ts";
import { shownScore, withoutOutranked } from "../scores/preferred-scores.ts";
import { selectScores } from "../scores/select-scores.ts";
import type { Project } from "../state/project.ts";

export const sessionScores: Handlers<typeof contract.sessionScores> = {
  listSessionScores({ query, project }) {
    const { release: _, environment: _e, tags: _t, user_id: _u, trace_name: _n, model: _m, ...own } = query;
    const scores = selectScores(project, preferred(project, query), query);
    const page = pageOf(newestFirst(matchingScores(scores, own)), query);
    return { ...page, items: page.items.map((score) => shownScore(project, score)) };
  },
  getSessionScores: ({ path, query, project }) =>
    newestFirst(preferred(project, query).filter(({ session_id }) => session_id === path.session_id)).map(
      (score) => shownScore(project, score),
    ),
  deleteSessionScore({ path, project }) {
    if (!project.sessionScores.delete(path.score_id)) throw notFound("score", path.score_id);
    return undefined;
  },
};

function preferred(project: Project, { prefer }: { prefer?: ScorePreference | undefined }) {
  return withoutOutranked(project, [...project.sessionScores.values()], prefer);
}
