import type { TraceCreate } from "@pandaprobe/sdk";
import type { KnownTrace } from "./known-traces.ts";
import type { OtelSpan } from "./otel-span.ts";
import { limitedText } from "./otel-values.ts";
import type { ConvertedSpan } from "./span-create.ts";

/** A span of a trace. */
export interface TracePart extends ConvertedSpan {
  readonly otel: OtelSpan;
  /** Whether it is sent, or only used for the trace's own fields. */
  readonly isKept: boolean;
}

/** The root span. If the trace began in another process, the first span called from there stands in for it. */
export function rootOf(parts: readonly TracePart[]): TracePart | undefined {
  return (
    parts.find(({ span }) => span.parent_span_id === null) ??
    parts.find(({ otel }) => otel.parentSpanContext?.isRemote === true)
  );
}

/** The trace without its spans. @param parts in the order they started. */
export function wholeTrace(parts: readonly TracePart[], known: KnownTrace | undefined): TraceCreate {
  const root = rootOf(parts);
  const kept = parts.filter(({ isKept }) => isKept);
  const ofAll = sharedFields(root?.isKept === true ? [root, ...kept] : kept);
  if (root !== undefined) {
    const { name, started_at, ended_at, status, metadata } = root.span;
    return {
      ...ofAll,
      name,
      status: status === "ERROR" ? "ERROR" : "COMPLETED",
      ...contentOf(root, kept),
      metadata: { ...(root.isKept ? metadata : {}), ...serviceOf(root.otel) },
      started_at,
      ended_at,
    };
  }
  if (known?.isRooted === true) return { ...ofAll, name: known.name, started_at: known.started_at };
  const { name, started_at } = kept[0]?.span ?? { name: "trace", started_at: new Date().toISOString() };
  const isEarlier = known === undefined || started_at < known.started_at;
  return {
    ...ofAll,
    name: known?.name ?? name,
    status: "RUNNING",
    started_at: isEarlier ? started_at : known.started_at,
  };
}

/** The fields that any span may set; the first one that does decides. */
function sharedFields(parts: readonly TracePart[]): Partial<TraceCreate> {
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
 * The input and output of the trace: the root's, or, if the root is only a request, those of the agent, chain and model
 * steps in it.
 */
function contentOf(root: TracePart, parts: readonly TracePart[]): Pick<TraceCreate, "input" | "output"> {
  const { input, output } = root.span;
  if (root.isKept && (input !== undefined || output !== undefined)) return { input, output };
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

/** Only the `service.` attributes of the resource: the rest is about machines and command lines. */
function serviceOf({ resource }: OtelSpan): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(resource?.attributes ?? {}).filter(([name]) => name.startsWith("service.")),
  );
}

function limited(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? limitedText(value, 255) : undefined;
}
