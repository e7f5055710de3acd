import { createRepeatFilter, type RepeatFilter } from "./repeats.ts";
import type { Span, Trace } from "./trace.ts";

/**
 * A trace as a judge reads it. Steps have numbers instead of ids, so that a reason can name them. Times are milliseconds since
 * the trace began. Empty values are left out.
 */
export function traceView(trace: Trace): unknown {
  const start = Date.parse(trace.started_at);
  const repeats = createRepeatFilter();
  const input = repeats.show(trace.input, "the input of the trace");
  // Shown before the steps, so that they refer to it and the final answer always appears in full.
  const output = repeats.show(trace.output, "the output of the trace");
  const numbers = new Map(trace.spans.map((span, i) => [span.span_id, i + 1]));
  return present({
    name: trace.name,
    status: trace.status,
    duration_ms: between(start, trace.ended_at),
    tags: trace.tags,
    metadata: trace.metadata,
    input,
    steps: trace.spans.map((span, i) => stepView(span, i + 1, start, numbers, repeats)),
    output,
  });
}

function stepView(
  span: Span,
  step: number,
  traceStart: number,
  numbers: ReadonlyMap<string, number>,
  repeats: RepeatFilter,
): unknown {
  return present({
    step,
    parent: span.parent_span_id === null ? null : numbers.get(span.parent_span_id),
    kind: span.kind,
    name: span.name,
    status: span.status === "UNSET" ? null : span.status,
    model: span.model,
    at_ms: between(traceStart, span.started_at),
    duration_ms: between(Date.parse(span.started_at), span.ended_at),
    model_parameters: repeats.show(span.model_parameters, `the parameters of step ${step}`),
    metadata: span.metadata,
    input: repeats.show(span.input, `the input of step ${step}`),
    output: repeats.show(span.output, `the output of step ${step}`),
    error: span.error,
  });
}

function between(start: number, end: string | null): number | null {
  const difference = end === null ? Number.NaN : Date.parse(end) - start;
  return Number.isFinite(difference) ? difference : null;
}

/** Drops null, undefined, empty lists and empty objects. */
function present(properties: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
