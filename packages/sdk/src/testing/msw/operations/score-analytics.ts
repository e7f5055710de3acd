import type { contract, ScorePreference } from "@pandaprobe/contract";
import { numberOf, scoreDistribution, scoreSummary, scoreTrend } from "../analytics/score-analytics.ts";
import { newestFirst, pageOf, sorted } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";
import { withoutOutranked } from "../scores/preferred-scores.ts";
import { selectScores } from "../scores/select-scores.ts";
import { type Project, sessionScoresOf, traceScoresOf } from "../state/project.ts";

export const scoreAnalytics: Handlers<typeof contract.scoreAnalytics> = {
  getTraceScoreSummary: ({ query, project }) => scoreSummary(project, ofTraces(project, query), query),
  getTraceScoreTrend: ({ query, project }) => scoreTrend(project, ofTraces(project, query), query),
  getTraceScoreDistribution: ({ query, project }) =>
    scoreDistribution(project, ofTraces(project, query), query),
  getSessionScoreSummary: ({ query, project }) => scoreSummary(project, ofSessions(project, query), query),
  getSessionScoreTrend: ({ query, project }) => scoreTrend(project, ofSessions(project, query), query),
  getSessionScoreDistribution: ({ query, project }) =>
    scoreDistribution(project, ofSessions(project, query), query),
  getSessionScoreHistory({ path, query, project }) {
    const { metric_name: metric } = query;
    return newestFirst(selectScores(project, ofSessions(project, query), query))
      .filter(({ session_id }) => session_id === path.session_id)
      .filter(({ name }) => metric === undefined || name === metric)
      .slice(0, query.limit)
      .toReversed()
      .map((score) => ({
        metric_name: score.name,
        score: numberOf(score),
        eval_run_id: score.eval_run_id,
        created_at: score.created_at,
        status: score.status,
      }));
  },
  getSessionScoreComparison({ query, project }) {
    const scored = newestFirst(selectScores(project, ofSessions(project, query), query)).filter(
      (score) => score.name === query.metric_name && numberOf(score) !== null,
    );
    const newest = new Map(scored.toReversed().map((score) => [score.session_id, score]));
    const items = [...newest.values()].map((score) => ({
      session_id: score.session_id,
      score: numberOf(score),
      evaluated_at: score.created_at,
      eval_run_id: score.eval_run_id,
    }));
    const byId = sorted(items, ({ session_id }) => [session_id]);
    return pageOf(
      sorted(byId, ({ score }) => [score], query.sort_order),
      query,
    );
  },
};

interface Preferring {
  readonly prefer?: ScorePreference | undefined;
}

function ofTraces(project: Project, { prefer }: Preferring) {
  const all = traceScoresOf(project);
  return withoutOutranked(project, all, prefer);
}

function ofSessions(project: Project, { prefer }: Preferring) {
  return withoutOutranked(project, sessionScoresOf(project), prefer);
}
