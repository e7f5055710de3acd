import type { TraceResponse } from "@pandaprobe/sdk";
import { useRoute } from "preact-iso/router";
import { useQuery } from "../../data/queries.ts";
import { api } from "../../data/session.ts";
import { pagePath, useUrlState } from "../../data/url-state.ts";
import { JsonView } from "../../ui/content/json-view.tsx";
import { summaryOf } from "../../ui/content/messages.ts";
import { Thread } from "../../ui/content/thread.tsx";
import { ValueView } from "../../ui/content/value-view.tsx";
import { CostFact } from "../../ui/cost-fact.tsx";
import { formatCount, formatDuration } from "../../ui/format.ts";
import { Ago, StatusMark } from "../../ui/marks.tsx";
import { Answered } from "../../ui/states.tsx";
import { SpanDetail } from "./span-detail.tsx";
import { SpanList } from "./span-list.tsx";
import { TraceScores } from "./trace-scores.tsx";

export function Trace() {
  const id = useRoute().params["id"] ?? "";
  const trace = useQuery(["trace", id], (signal) => api().getTrace(id, { signal }));
  return (
    <Answered query={trace}>{(loaded) => <LoadedTrace key={loaded.trace_id} trace={loaded} />}</Answered>
  );
}

function LoadedTrace({ trace }: { trace: TraceResponse }) {
  const { get, set } = useUrlState();
  const view = get("view") ?? "spans";
  const selected = get("span");
  const select = (span: string) => set({ span, view: undefined });
  const span = trace.spans.find(({ span_id }) => span_id === selected);
  return (
    <div class="page trace-page">
      <TraceHead trace={trace} />
      <TraceScores traceId={trace.trace_id} spans={trace.spans} onSelect={select} />
      <div class="tabs" role="tablist" aria-label="View">
        {(["spans", "thread", "metadata"] as const).map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            aria-selected={view === tab}
            onClick={() => set({ view: tab === "spans" ? undefined : tab })}
          >
            {tab === "spans" ? `Spans ${trace.spans.length}` : tab === "thread" ? "Thread" : "Metadata"}
          </button>
        ))}
      </div>
      {view === "thread" ? (
        <Thread trace={trace} />
      ) : view === "metadata" ? (
        <JsonView value={trace.metadata} />
      ) : (
        <div class="split">
          {trace.spans.length > 0 && <SpanList spans={trace.spans} selected={selected} onSelect={select} />}
          <div class="detail">
            {span === undefined ? (
              <>
                <ValueView label="Input" value={trace.input} />
                <ValueView label="Output" value={trace.output} />
              </>
            ) : (
              <SpanDetail key={span.span_id} span={span} />
            )}
          </div>
        </div>
      )}
    </div>
  );
}

function TraceHead({ trace }: { trace: TraceResponse }) {
  const latency = trace.ended_at === null ? null : Date.parse(trace.ended_at) - Date.parse(trace.started_at);
  return (
    <header class="page-head trace-head">
      <p class="crumbs">
        <a href="/app/traces" data-parent>
          Traces
        </a>
        {trace.session_id !== null && (
          <a href={pagePath(["sessions", trace.session_id])}>{trace.session_id}</a>
        )}
      </p>
      <h1>{trace.name}</h1>
      <p class="facts-text">
        <StatusMark status={trace.status} />
        <Ago time={trace.started_at} />
        {latency !== null && <span>{formatDuration(latency)}</span>}
        {trace.total_tokens > 0 && <span>{formatCount(trace.total_tokens)} tokens</span>}
        <CostFact totals={trace} />
        {trace.user_id !== null && (
          <a href={pagePath(["traces"], { user_id: trace.user_id })}>{trace.user_id}</a>
        )}
        {trace.release !== null && (
          <a href={pagePath(["traces"], { release: trace.release })}>{trace.release}</a>
        )}
        {trace.environment !== null && <span>{trace.environment}</span>}
        {trace.tags.map((tag) => (
          <a key={tag} class="tag" href={pagePath(["traces"], { tags: tag })}>
            {tag}
          </a>
        ))}
      </p>
      <p class="in-out">
        <span>{summaryOf(trace.input)}</span>
        <span class="muted">→ {summaryOf(trace.output) || "no output"}</span>
      </p>
    </header>
  );
}
