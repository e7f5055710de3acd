import type { contract } from "@pandaprobe/contract";
import { tokenCounts } from "@pandaprobe/contract/rules";
import { bucketed, mean, percentile } from "../analytics/statistics.ts";
import { cursorPageOf, groupedBy, sorted } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";
import type { SpanFields, StoredTrace } from "../state/project.ts";
import { matchingTraces } from "../traces/matching-traces.ts";
import { latencyMs, sumCosts, sumTokens } from "../traces/trace-response.ts";

const mostModels = 100;

export const traceAnalytics: Handlers<typeof contract.traceAnalytics> = {
  getTraceAnalytics({ query, project }) {
    const traces = matchingTraces(project.traces.values(), {
      date_from: query.started_after,
      date_to: query.started_before,
    });
    if (query.metric === "models") return topModels(traces.flatMap(spansOf));
    const buckets = bucketed(traces, query.granularity, ({ fields }) => fields.started_at);
    if (query.metric === "cost" || query.metric === "tokens")
      return buckets.map(([bucket, its]) => ({ bucket, ...usage(its) }));
    return buckets.map(([bucket, its]) => ({ bucket, ...latencies(its) }));
  },
  listTraceUsers({ query, project }) {
    const users = groupedBy(project.traces.values(), ({ fields }) => fields.user_id);
    const summaries = [...users].map(([user_id, traces]) => {
      const starts = traces.map(({ fields }) => fields.started_at).sort();
      return {
        user_id,
        trace_count: traces.length,
        first_seen: starts.at(0) ?? "",
        last_seen: starts.at(-1) ?? "",
        error_count: traces.filter(isError).length,
      };
    });
    return cursorPageOf(summaries, {
      list: "users",
      query,
      position: ({ user_id, last_seen }) => ({ key: last_seen, id: user_id }),
      order: "desc",
      idOrder: "asc",
    });
  },
};

function latencies(traces: readonly StoredTrace[]) {
  const ended = traces.flatMap(({ fields }) => latencyMs(fields) ?? []);
  return {
    trace_count: traces.length,
    error_count: traces.filter(isError).length,
    avg_latency_ms: mean(ended),
    p50_latency_ms: percentile(ended, 0.5),
    p90_latency_ms: percentile(ended, 0.9),
    p99_latency_ms: percentile(ended, 0.99),
  };
}

function usage(traces: readonly StoredTrace[]) {
  const spans = traces.flatMap(spansOf);
  const counts = spans.map((span) => tokenCounts(span.token_usage));
  return {
    total_tokens: sumTokens(counts.map((count) => count.total_tokens)),
    prompt_tokens: sumTokens(counts.map((count) => count.prompt_tokens)),
    completion_tokens: sumTokens(counts.map((count) => count.completion_tokens)),
    ...sumCosts(spans),
  };
}

function topModels(spans: readonly SpanFields[]) {
  const models = groupedBy(spans, ({ model }) => (model === "" ? null : model));
  const rows = [...models].map(([model, calls]) => ({
    model,
    call_count: calls.length,
    total_tokens: sumTokens(calls.map((span) => tokenCounts(span.token_usage).total_tokens)),
    ...sumCosts(calls),
  }));
  return sorted(rows, ({ call_count, model }) => [-call_count, model]).slice(0, mostModels);
}

function spansOf({ spans }: StoredTrace): SpanFields[] {
  return [...spans.values()];
}

function isError({ fields }: StoredTrace): boolean {
  return fields.status === "ERROR";
}
