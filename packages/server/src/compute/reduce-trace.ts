import type { Span, Trace } from "../metrics/trace.ts";
import { fit } from "../metrics/trim/fit.ts";
import { waterLevel } from "../metrics/trim/water-level.ts";

/** Roughly how much of a trace is handed to the main thread, in characters of JSON. */
const MOST_CHARS = 1_000_000;
/** Small values cost more than their characters, so each value counts as at least this many. */
const CHARS_PER_VALUE = 50;
/** If there are more spans, the first and the last ones are kept. */
const MOST_SPANS = 1_000;

/** The fields that can be large. */
const traceFields = ["input", "output", "metadata", "tags"] as const;
const spanFields = ["input", "output", "metadata", "model_parameters", "error"] as const;

/**
 * Makes a trace small enough to be read on the main thread. The largest parts of a very large trace are cut in the middle
 * until the whole has a bounded size, in characters and in values.
 */
export function reduceTrace(trace: Trace): Trace {
  const kept = keepEnds(trace.spans, MOST_SPANS);
  const parts = [
    ...traceFields.map((field) => trace[field]),
    ...kept.flatMap((span) => spanFields.map((field) => span[field])),
  ];
  const sizes = new Map(parts.map((part) => [part, sizeOf(part)]));
  const level = waterLevel(
    parts.map((part) => sizes.get(part)?.cost ?? 0),
    MOST_CHARS,
  );
  const reduce = (part: unknown): unknown => {
    const size = sizes.get(part);
    if (size === undefined || size.cost <= level) return part;
    return fit(part, Math.floor((level * size.chars) / size.cost)).value;
  };
  return {
    ...trace,
    input: reduce(trace.input),
    output: reduce(trace.output),
    metadata: asRecord(reduce(trace.metadata)),
    tags: asList(reduce(trace.tags)),
    spans: kept.map((span) => reducedSpan(span, reduce)),
  };
}

function reducedSpan(span: Span, reduce: (part: unknown) => unknown): Span {
  return {
    ...span,
    input: reduce(span.input),
    output: reduce(span.output),
    metadata: asRecord(reduce(span.metadata)),
    model_parameters: span.model_parameters && asRecord(reduce(span.model_parameters)),
    error: span.error && String(reduce(span.error)),
  };
}

/** A record that was cut down to a text becomes an empty record. */
function asRecord(part: unknown): Readonly<Record<string, unknown>> {
  return typeof part === "object" && part !== null && !Array.isArray(part)
    ? (part as Readonly<Record<string, unknown>>)
    : {};
}

function asList(part: unknown): readonly string[] {
  return Array.isArray(part) ? part.map(String) : [];
}

function keepEnds<Item>(items: readonly Item[], most: number): readonly Item[] {
  return items.length <= most ? items : [...items.slice(0, most / 2), ...items.slice(-most / 2)];
}

/** The size of a value as JSON, and the cost of reading it. */
function sizeOf(part: unknown): { readonly chars: number; readonly cost: number } {
  if (typeof part === "string") return { chars: part.length, cost: part.length };
  if (typeof part !== "object" || part === null) return { chars: 8, cost: CHARS_PER_VALUE };
  let values = 0;
  const chars = JSON.stringify(part, (_key, value: unknown) => {
    values += 1;
    return value;
  }).length;
  return { chars, cost: Math.max(chars, values * CHARS_PER_VALUE) };
}
