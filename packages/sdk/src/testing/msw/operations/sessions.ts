import type { contract, SessionSummary } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { bucketed, mean } from "../analytics/statistics.ts";
import { pageOf, sorted } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";
import { matchingTraces } from "../traces/matching-traces.ts";
import { allSessions, sessionSummary, sessionTraces } from "../traces/sessions.ts";
import { traceResponse } from "../traces/trace-response.ts";
import { deleteTraces } from "../traces/trace-store.ts";

const sortKeys = {
  recent: (session: SessionSummary) => session.last_trace_at,
  trace_count: (session: SessionSummary) => session.trace_count,
  latency: (session: SessionSummary) => session.total_latency_ms,
  cost: (session: SessionSummary) => session.total_cost,
};

export const sessions: Handlers<typeof contract.sessions> = {
  listSessions({ query, project }) {
    const { user_id, tags, started_after: date_from, started_before: date_to } = query;
    const part = query.query?.toLowerCase() ?? "";
    const matching = [...allSessions(project)]
      .filter(([id]) => id.toLowerCase().includes(part))
      .filter(([, traces]) => matchingTraces(traces, { user_id, tags, date_from, date_to }).length > 0)
      .map(([id, traces]) => sessionSummary(id, traces))
      .filter(({ has_error }) => query.has_error === undefined || has_error === query.has_error);
    const key = sortKeys[query.sort_by];
    return pageOf(
      sorted(matching, (session) => [key(session), session.session_id], query.sort_order),
      query,
    );
  },
  getSessionAnalytics({ query, project }) {
    const started = [...allSessions(project).values()]
      .map((traces) => {
        const times = traces.flatMap(({ fields }) => [
          fields.started_at,
          fields.ended_at ?? fields.started_at,
        ]);
        const startedAt = traces[0]?.fields.started_at ?? "";
        return {
          startedAt,
          count: traces.length,
          durationMs: Math.max(...times.map((time) => Date.parse(time))) - Date.parse(startedAt),
        };
      })
      .filter(({ startedAt }) => startedAt >= query.started_after && startedAt < query.started_before);
    return bucketed(started, query.granularity, ({ startedAt }) => startedAt).map(([bucket, its]) => ({
      bucket,
      session_count: its.length,
      avg_traces_per_session: mean(its.map(({ count }) => count)),
      avg_session_duration_ms: mean(its.map(({ durationMs }) => durationMs)),
    }));
  },
  getSession({ path, query, project }) {
    const traces = sessionTraces(project, path.session_id);
    if (traces.length === 0) throw notFound("session", path.session_id);
    return {
      ...sessionSummary(path.session_id, traces),
      traces: pageOf(traces, query).items.map(traceResponse),
    };
  },
  deleteSession({ path, project }) {
    const traces = sessionTraces(project, path.session_id);
    const scores = [...project.sessionScores.values()].filter(
      ({ session_id }) => session_id === path.session_id,
    );
    if (traces.length + scores.length === 0) throw notFound("session", path.session_id);
    for (const { id } of scores) project.sessionScores.delete(id);
    return {
      deleted: deleteTraces(
        project,
        traces.map(({ fields }) => fields.trace_id),
      ),
    };
  },
};
