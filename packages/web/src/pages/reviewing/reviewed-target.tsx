import type { TraceResponse } from "@pandaprobe/sdk";
import type { ClaimedReviewItem } from "@pandaprobe/sdk/review";
import { useState } from "preact/hooks";
import { useQuery } from "../../data/queries.ts";
import { api } from "../../data/session.ts";
import { pagePath } from "../../data/url-state.ts";
import { Thread } from "../../ui/content/thread.tsx";
import { formatCounted } from "../../ui/format.ts";
import { Answered } from "../../ui/states.tsx";
import { SpanDetail } from "../trace/span-detail.tsx";
import { SpanList } from "../trace/span-list.tsx";

/** The limit for a long session; the other turns are on its page. */
const mostTurns = 200;

/** What the agent saw and did. Nothing here shows a score; the link to scores appears after the reviewer's own. */
export function ReviewedTarget({ item, isShownToAll }: { item: ClaimedReviewItem; isShownToAll: boolean }) {
  const { trace_id, session_id } = item;
  const path = pagePath(trace_id === null ? ["sessions", session_id ?? ""] : ["traces", trace_id]);
  return (
    <section class="reviewed" aria-label="What the agent saw and did">
      {trace_id === null ? <ReviewedSession id={session_id ?? ""} /> : <ReviewedTrace id={trace_id} />}
      {isShownToAll && (
        <p>
          <a href={path}>Open it with its scores</a>
        </p>
      )}
    </section>
  );
}

function ReviewedTrace({ id }: { id: string }) {
  const trace = useQuery(["trace", id], (signal) => api().getTrace(id, { signal }));
  return <Answered query={trace}>{(loaded) => <TraceViews trace={loaded} />}</Answered>;
}

function TraceViews({ trace }: { trace: TraceResponse }) {
  const [isSteps, showSteps] = useState(false);
  const [selected, select] = useState<string | undefined>(trace.spans[0]?.span_id);
  const span = trace.spans.find(({ span_id }) => span_id === selected);
  return (
    <>
      <header class="reviewed-head">
        <h2>{trace.name}</h2>
        {trace.spans.length > 0 && (
          <div class="tabs" role="tablist" aria-label="View">
            {([false, true] as const).map((steps) => (
              <button
                key={String(steps)}
                type="button"
                role="tab"
                aria-selected={steps === isSteps}
                onClick={() => showSteps(steps)}
              >
                {steps ? formatCounted(trace.spans.length, "step") : "Conversation"}
              </button>
            ))}
          </div>
        )}
      </header>
      {isSteps ? (
        <>
          <SpanList spans={trace.spans} selected={selected} onSelect={select} />
          {span !== undefined && <SpanDetail key={span.span_id} span={span} />}
        </>
      ) : (
        <Thread trace={trace} />
      )}
    </>
  );
}

function ReviewedSession({ id }: { id: string }) {
  const session = useQuery(["session", id, 0], (signal) =>
    api().getSession(id, { limit: mostTurns }, { signal }),
  );
  return (
    <Answered query={session}>
      {({ traces, trace_count }) => (
        <>
          <header class="reviewed-head">
            <h2>{id}</h2>
            <p class="muted">{formatCounted(trace_count, "turn")}</p>
          </header>
          <ol class="reviewed-turns">
            {traces.map((trace) => (
              <li key={trace.trace_id}>
                <Thread trace={trace} />
              </li>
            ))}
          </ol>
          {trace_count > traces.length && <p class="muted">The first {traces.length} turns are shown.</p>}
        </>
      )}
    </Answered>
  );
}
