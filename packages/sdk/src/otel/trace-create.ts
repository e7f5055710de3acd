import type { TraceCreate } from "@pandaprobe/sdk";
import { toTraceId } from "./ids.ts";
import { limitedText } from "./limited-text.ts";
import type { OtelSpan, OtelTime } from "./otel-span.ts";
import { type ConvertedSpan, convertSpan } from "./span-create.ts";

/** What the server takes with one trace in one go. */
const mostSpans = 500;

/** What a trace was last said to be. */
export interface KnownTrace {
  readonly name: string;
  readonly started_at: string;
  /** Whether its root, which decides, was there. */
  readonly isRooted: boolean;
}

/** By OpenTelemetry's ids. */
export interface KnownTraces {
  get(id: string): KnownTrace | undefined;
  set(id: string, trace: KnownTrace): unknown;
}

interface Part extends ConvertedSpan {
  readonly otel: OtelSpan;
}

/**
 * The traces that spans make. The root span of a trace decides its name, its input and output, and how it ended; a trace
 * whose root is not among the spans is RUNNING until it comes. A trace of more than 500 spans comes in several, which the
 * server merges.
 *
 * @param known what earlier spans of the same traces have said; it is brought up to date. Default: nothing.
 * @example
 * ```ts
 * import { type OtelSpan, toTraces } from "@pandaprobe/sdk/otel";
 *
 * declare const spans: OtelSpan[];
 * for (const trace of toTraces(spans)) await client.createTrace(trace);
 * ```
 */
export function toTraces(spans: readonly OtelSpan[], known: KnownTraces = new Map()): TraceCreate[] {
  const byTrace = new Map<string, Part[]>();
  for (const otel of spans) {
    const { traceId } = otel.spanContext();
    const parts = byTrace.get(traceId) ?? [];
    byTrace.set(traceId, parts);
    parts.push({ otel, ...convertSpan(otel) });
  }
  return [...byTrace].flatMap(([traceId, parts]) => {
    parts.sort((a, b) => order(a.otel, b.otel));
    const whole = toWhole(parts, known.get(traceId));
    known.set(traceId, {
      name: whole.name,
      started_at: whole.started_at,
      isRooted: whole.status !== "RUNNING",
    });
    return inSlices({ trace_id: toTraceId(traceId), ...whole }, parts);
  });
}

/** As they started; what held the other first, where they did so together. */
function order(a: OtelSpan, b: OtelSpan): number {
  return compare(a.startTime, b.startTime) || compare(b.endTime, a.endTime);
}

function compare(a: OtelTime, b: OtelTime): number {
  return a[0] - b[0] || a[1] - b[1];
}

function inSlices(trace: TraceCreate, parts: readonly Part[]): TraceCreate[] {
  const { trace_id, name, started_at } = trace;
  const traces: TraceCreate[] = [];
  for (let from = 0; from < parts.length; from += mostSpans) {
    const spans = parts.slice(from, from + mostSpans).map(({ span }) => span);
    traces.push({ ...(from === 0 ? trace : { trace_id, name, started_at }), spans });
  }
  return traces;
}

/** All but the spans. @param parts in the order they started. */
function toWhole(parts: readonly Part[], known: KnownTrace | undefined): TraceCreate {
  // What came from elsewhere is not seen here, so whoever it called first stands for it.
  const root =
    parts.find(({ span }) => span.parent_span_id === null) ??
    parts.find(({ otel }) => otel.parentSpanContext?.isRemote === true);
  const ofAll = toldOfAll(root === undefined ? parts : [root, ...parts]);
  if (root !== undefined) {
    const { name, started_at, ended_at, status, metadata } = root.span;
    return {
      ...ofAll,
      name,
      status: status === "ERROR" ? "ERROR" : "COMPLETED",
      ...contentOf(root, parts),
      metadata: { ...metadata, ...serviceOf(root.otel) },
      started_at,
      ended_at,
    };
  }
  if (known?.isRooted === true) return { ...ofAll, name: known.name, started_at: known.started_at };
  const { name, started_at } = parts[0]?.span ?? { name: "trace", started_at: new Date().toISOString() };
  const isEarlier = known === undefined || started_at < known.started_at;
  return {
    ...ofAll,
    name: known?.name ?? name,
    status: "RUNNING",
    started_at: isEarlier ? started_at : known.started_at,
  };
}

/** What any span may tell of the whole trace, and the first that does decides. */
function toldOfAll(parts: readonly Part[]): Partial<TraceCreate> {
  const resource = parts[0]?.otel.resource?.attributes ?? {};
  const tags = [...new Set(parts.flatMap((part) => part.tags))];
  return {
    session_id: limited(parts.find(({ sessionId }) => sessionId !== undefined)?.sessionId),
    user_id: limited(parts.find(({ userId }) => userId !== undefined)?.userId),
    environment: limited(resource["deployment.environment.name"] ?? resource["deployment.environment"]),
    release: limited(resource["service.version"]),
    ...(tags.length === 0 ? {} : { tags }),
  };
}

/**
 * What went in and came out: as the root says, or, where that is a mere request, as the steps under it do that speak with
 * a model or for an agent.
 */
function contentOf(root: Part, parts: readonly Part[]): Pick<TraceCreate, "input" | "output"> {
  const { input, output } = root.span;
  if (input !== undefined || output !== undefined) return { input, output };
  const speakers = parts
    .map(({ span }) => span)
    .filter(({ kind = "OTHER" }) => ["AGENT", "CHAIN", "LLM"].includes(kind));
  const last = speakers
    .filter((span) => span.output !== undefined)
    .reduce<(typeof speakers)[number] | undefined>(
      (latest, span) =>
        latest === undefined || (span.ended_at ?? "") >= (latest.ended_at ?? "") ? span : latest,
      undefined,
    );
  return { input: speakers.find((span) => span.input !== undefined)?.input, output: last?.output };
}

/** Of the resource only who it is: the rest tells of machines and command lines. */
function serviceOf({ resource }: OtelSpan): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(resource?.attributes ?? {}).filter(([name]) => name.startsWith("service.")),
  );
}

function limited(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? limitedText(value, 255) : undefined;
}
