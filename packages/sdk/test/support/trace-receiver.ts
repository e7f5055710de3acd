import type { SpanCreate, TraceCreate } from "@pandaprobe/sdk";
import { type DroppedTrace, PandaProbe, type TraceSenderOptions } from "@pandaprobe/sdk/traces";
import { createTracing } from "@pandaprobe/sdk/tracing";
import { apiKey } from "./test-client.ts";
import { sendJson, startTestServer } from "./test-server.ts";

type Stored = Omit<TraceCreate, "spans"> & { spans: SpanCreate[] };

/** A server that merges the parts of traces as PandaProbe's does, by project. */
export async function startTraceReceiver() {
  const projects = new Map<string, Map<string, Stored>>();
  const server = await startTestServer((response, { headers, body }) => {
    const { traces } = JSON.parse(body) as { traces: TraceCreate[] };
    const project = `${headers["x-project-name"]}`;
    const stored = projects.get(project) ?? new Map<string, Stored>();
    projects.set(project, stored);
    const items = traces.map((trace, index) => {
      const trace_id = trace.trace_id ?? "";
      const spans = [...(stored.get(trace_id)?.spans ?? []), ...(trace.spans ?? [])];
      stored.set(trace_id, { ...stored.get(trace_id), ...trace, spans });
      return { index, trace_id, status: "accepted", error: null };
    });
    sendJson(response, 202, { items, accepted: items.length, rejected: 0 });
  });
  let count = 0;
  return Object.assign(server, {
    /** Tracing into a project of its own. `sent` flushes, and gives the project's traces. */
    trace(options: TraceSenderOptions = {}) {
      count += 1;
      const projectName = `project-${count}`;
      const drops: DroppedTrace[] = [];
      const traces = { onDrop: (dropped: DroppedTrace) => drops.push(dropped), ...options };
      const client = new PandaProbe({ apiKey, projectName, endpoint: server.endpoint, traces });
      const sent = async () => {
        await client.traces.flush();
        return [...(projects.get(projectName)?.values() ?? [])];
      };
      const sentOne = async () => {
        const [trace, ...others] = await sent();
        if (trace === undefined || others.length > 0) throw new Error(`${others.length + 1} traces, not one`);
        return trace;
      };
      return { ...createTracing({ client }), client, drops, sent, sentOne };
    },
  });
}

/** The spans as `parent > child`, in start order. */
export function outline(trace: Stored): string[] {
  const byId = new Map(trace.spans.map((span) => [span.span_id, span]));
  const pathOf = (span: SpanCreate): string => {
    const parent = byId.get(span.parent_span_id ?? "");
    return parent === undefined ? span.name : `${pathOf(parent)} > ${span.name}`;
  };
  return trace.spans.toSorted((a, b) => (a.started_at < b.started_at ? -1 : 1)).map(pathOf);
}
