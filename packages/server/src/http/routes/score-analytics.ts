import { contract, type ScoreGroupBy } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import type { FastifyRequest } from "fastify";
import type { Database } from "../../db/database.ts";
import { type DistributionQuery, scoreDistribution } from "../../features/analytics/score-distribution.ts";
import {
  type ScoreSource,
  type ScoreTarget,
  sessionTarget,
  traceTarget,
} from "../../features/analytics/score-source.ts";
import { scoreSummary } from "../../features/analytics/score-summary.ts";
import { scoreTrend, type TrendQuery } from "../../features/analytics/score-trend.ts";
import { sessionScoreComparison, sessionScoreHistory } from "../../features/analytics/session-scores.ts";
import type { ScoreFilters } from "../../features/scores/score-filters.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";

interface Question {
  readonly request: FastifyRequest;
  readonly query: ScoreFilters & {
    readonly date_from?: string | undefined;
    readonly date_to?: string | undefined;
    readonly group_by?: ScoreGroupBy | undefined;
  };
}

export function scoreAnalyticsRoutes({ db }: HttpContext) {
  const [trace, session] = [analyticsOf(db, traceTarget), analyticsOf(db, sessionTarget)];
  return initServer().router(contract.scoreAnalytics, {
    getTraceScoreSummary: trace.summary,
    getTraceScoreTrend: trace.trend,
    getTraceScoreDistribution: trace.distribution,
    getSessionScoreSummary: session.summary,
    getSessionScoreTrend: session.trend,
    getSessionScoreDistribution: session.distribution,
    getSessionScoreHistory: async ({ request, params, query }) => ({
      status: 200,
      body: await sessionScoreHistory(db, callerOf(request).projectId, params.session_id, query),
    }),
    getSessionScoreComparison: async ({ request, query }) => ({
      status: 200,
      body: await sessionScoreComparison(db, callerOf(request).projectId, query),
    }),
  });
}

/** The same queries serve scores of traces and of sessions. */
function analyticsOf(db: Database, target: ScoreTarget) {
  const sourceOf = ({ request, query }: Question): ScoreSource => ({
    target,
    projectId: callerOf(request).projectId,
    range: { from: query.date_from, to: query.date_to },
    filters: filtersOf(query),
    groupBy: query.group_by,
  });
  return {
    summary: async (question: Question) => ({
      status: 200 as const,
      body: await scoreSummary(db, sourceOf(question)),
    }),
    trend: async (question: Question & { readonly query: TrendQuery }) => ({
      status: 200 as const,
      body: await scoreTrend(db, sourceOf(question), question.query),
    }),
    distribution: async (question: Question & { readonly query: DistributionQuery }) => ({
      status: 200 as const,
      body: await scoreDistribution(db, sourceOf(question), question.query),
    }),
  };
}

function filtersOf(query: ScoreFilters): ScoreFilters {
  const { release, environment, tags, user_id, trace_name, source, model, eval_run_id, prefer } = query;
  return { release, environment, tags, user_id, trace_name, source, model, eval_run_id, prefer };
}
