import type { contract, SessionSummary } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { bucketed, bucketOf, mean } from "../analytics/statistics.ts";
import { cursorPageOf, pageOf } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";
import { selectScores } from "../scores/select-scores.ts";
import { sessionScoresOf } from "../state/project.ts";
import { matchingTraces } from "../traces/matching-traces.ts";
import { allSessions, sessionSummary, sessionTraces } from "../traces/sessions.ts";
import { traceResponse } from "../traces/trace-response.ts";
import { deleteTraces } from "../traces/trace-store.ts";

interface Listed {
  readonly summary: SessionSummary;
  readonly latestStart: string | null;
}

const sortKeys = {
  recent: ({ latestStart }: Listed) => latestStart,
  trace_count: ({ summary }: Listed) => summary.trace_count,
  latency: ({ summary }: Listed) => summary.total_latency_ms,
  cost: ({ summary }: Listed) => summary.total_cost,
};

export const sessions: Handlers<typeof contract.sessions> = {
  listSessions({ query, project }) {
    const { user_id, tags, release, environment, trace_name: name, source, model, eval_run_id } = query;
    const { started_after: date_from, started_before: date_to } = query;
    const filters = { user_id, tags, release, environment, name, date_from, date_to };
    const scorer = { source, model, eval_run_id };
    const scored = new Set(
      selectScores(project, sessionScoresOf(project), scorer).map(({ session_id }) => session_id),
    );
    const needsScore = Object.values(scorer).some((value) => value !== undefined);
    const part = query.query?.toLowerCase() ?? "";
    const matching = [...allSessions(project)]
      .filter(([id]) => id.toLowerCase().includes(part) && (!needsScore || scored.has(id)))
      .map(([id, traces]) => [id, matchingTraces(traces, filters)] as const)
      .filter(([, traces]) => traces.length > 0)
      .map(([id, traces]) => ({
        summary: sessionSummary(id, traces),
        latestStart: traces.at(-1)?.fields.started_at ?? null,
      }))
      .filter(({ summary }) => query.has_error === undefined || summary.has_error === query.has_error);
    const key = sortKeys[query.sort_by];
    const page = cursorPageOf(matching, {
      list: "sessions",
      query,
      position: (session) => ({ key: key(session), id: session.summary.session_id }),
      order: query.sort_order,
    });
    return { ...page, items: page.items.map(({ summary }) => summary) };
  },
  getSessionAnalytics({ query, project }) {
    const active = [...allSessions(project).values()].flatMap((traces) => {
      const starts = traces.map(({ fields }) => fields.started_at);
      const ends = traces.map(({ fields }) => fields.ended_at ?? fields.started_at);
      const ms = (times: readonly string[]) => times.map((time) => Date.parse(time));
      const durationMs = Math.max(...ms([...starts, ...ends])) - Math.min(...ms(starts));
      const inPeriod = starts.filter((time) => time >= query.started_after && time < query.started_before);
      const buckets = new Set(inPeriod.map((time) => bucketOf(query.granularity, time)));
      return [...buckets].map((bucket) => ({ bucket, count: traces.length, durationMs }));
    });
    return bucketed(active, query.granularity, ({ bucket }) => bucket).map(([bucket, its]) => ({
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
    const scores = sessionScoresOf(project).filter(({ session_id }) => session_id === path.session_id);
    if (traces.length + scores.length === 0) throw notFound("session", path.session_id);
    for (const { id } of scores) project.sessionScores.delete(id);
    for (const queue of project.reviewQueues.values()) {
      queue.items = queue.items.filter(({ session_id }) => session_id !== path.session_id);
    }
    return {
      deleted: deleteTraces(
        project,
        traces.map(({ fields }) => fields.trace_id),
      ),
    };
  },
};
