import type { contract } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { newestFirst, pageOf } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";
import { matchingScores } from "../scores/matching-scores.ts";

export const sessionScores: Handlers<typeof contract.sessionScores> = {
  listSessionScores: ({ query, project }) =>
    pageOf(newestFirst(matchingScores([...project.sessionScores.values()], query)), query),
  getSessionScores: ({ path, project }) =>
    newestFirst(
      [...project.sessionScores.values()].filter(({ session_id }) => session_id === path.session_id),
    ),
  deleteSessionScore({ path, project }) {
    if (!project.sessionScores.delete(path.score_id)) throw notFound("score", path.score_id);
    return undefined;
  },
};
