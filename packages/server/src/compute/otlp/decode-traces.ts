import type { SpanCreate } from "@pandaprobe/contract";
import {
  contentRanks,
  type TraceBatch,
  type TracePart,
  toTraceId,
  traceBatch,
} from "@pandaprobe/contract/otel";
import {
  type ConfiguredPrices,
  distinctSpans,
  keptTrace,
  type Masking,
  type ProblemError,
  Rejections,
  readTraces,
  type SpanPrices,
  spanPrices,
  storedSpans,
  withoutComputedCost,
} from "@pandaprobe/contract/rules";
import { columnArrays } from "../../db/column-arrays.ts";
import { otlpSpanColumns } from "../../db/span-columns.ts";
import { spanContent } from "../../db/span-content.ts";
import { spanRow } from "../../db/span-row.ts";
import { storable, storableText, toJson } from "../../db/storable.ts";
import type { MaskingRules } from "../../masking/masking-rules.ts";
import { latestMasking } from "../mask-body.ts";
import { maskBatch, maskParts } from "./mask-parts.ts";
import { type OtlpBody, readBody } from "./read-body.ts";

export interface DecodeTask extends OtlpBody {
  /** The project that the request names; `null` if each resource has its own. */
  readonly project: string | null;
  readonly masking: MaskingRules;
}

export interface DecodeTracesTask extends DecodeTask {
  readonly prices: ConfiguredPrices;
}

/** A thread's result for a request. */
export type Decoded<Result> =
  | { readonly decoded: Result }
  /** Errors lose their class between threads. */
  | { readonly problem: { readonly code: ProblemError["code"]; readonly detail: string } };

/** The spans of a request, ready to be stored. */
export interface DecodedTraces {
  readonly projects: readonly DecodedProject[];
  readonly rejected: number;
  /** Why spans were rejected or cut, a few sentences at most. */
  readonly reasons: readonly string[];
}

/** A request's spans for one project. */
export interface DecodedProject {
  readonly name: string;
  readonly traces: readonly DecodedTrace[];
  /** The values of each of `otlpSpanColumns`, for the spans of all traces. */
  readonly spans: readonly Uint8Array[];
}

/** One trace. JSON stays text, so that the main thread neither copies objects nor writes JSON. */
export interface DecodedTrace {
  readonly traceId: string;
  readonly summary: TraceBatch["summary"];
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly metadata: string | undefined;
  readonly spanIds: readonly string[];
  /** What the spans add to the trace's `content_hash`. */
  readonly content: bigint;
  /** The share of the trace's limit that the spans use. */
  readonly bytes: number;
}

/** Reads a request, and turns its spans into traces. @throws ProblemError `malformed_request`, `body_too_large` */
export function decodeTraces({ project, prices, masking, ...body }: DecodeTracesTask): DecodedTraces {
  const rejections = new Rejections("span");
  const rules = { prices: remembered(spanPrices(prices)), masking: latestMasking(masking) };
  const byProject = readTraces(readBody("traces", body), project, rejections);
  return {
    projects: [...byProject].map(([name, traces]) => {
      const decoded = [...traces].map(([traceId, parts]) => decodedTrace(traceId, parts, rejections, rules));
      return {
        name,
        traces: decoded.map(({ trace }) => trace),
        spans: columnArrays(
          otlpSpanColumns,
          decoded.flatMap(({ rows }) => rows),
        ),
      };
    }),
    ...rejections.summary(),
  };
}

function decodedTrace(
  otelTraceId: string,
  sent: readonly TracePart[],
  rejections: Rejections,
  { prices, masking }: { readonly prices: SpanPrices; readonly masking: Masking | null },
) {
  const traceId = toTraceId(otelTraceId);
  const parts = maskParts(masking, distinctSpans(sent));
  const { kept, warnings } = storedSpans(parts);
  rejections.note(warnings);
  const key = { project_id: "", trace_id: traceId };
  const rows = kept
    .map(storableSpan)
    .map(withoutComputedCost)
    .map((span, index) => ({
      ...spanRow({ ...key, span_id: span.span_id ?? "" }, span, undefined, prices),
      ranks: ranksOf(parts[index]),
    }));
  const { summary, input, output, metadata } = maskBatch(masking, traceBatch(parts));
  const trace: DecodedTrace = {
    traceId,
    summary: storable(summary),
    input: input === undefined ? undefined : toJson(input),
    output: output === undefined ? undefined : toJson(output),
    metadata: metadata && toJson(keptTrace({ name: "", started_at: "", metadata }).kept.metadata),
    spanIds: rows.map(({ span_id }) => span_id),
    content: rows.reduce((sum, row) => sum ^ spanContent(row), 0n),
    bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  return { trace, rows };
}

function ranksOf(part: TracePart | undefined): string | null {
  const ranks = part && contentRanks(part);
  return ranks == null ? null : JSON.stringify(ranks);
}

/** Most spans of a request have the same few models. */
function remembered(prices: SpanPrices): SpanPrices {
  const known = new Map<string, ReturnType<SpanPrices>>();
  return (model) => {
    const found = known.get(model);
    if (found !== undefined) return found;
    const price = prices(model);
    known.set(model, price);
    return price;
  };
}

function storableSpan(span: SpanCreate): SpanCreate {
  const { name, model, error } = span;
  return {
    ...span,
    name: storableText(name),
    model: model && storableText(model),
    error: error && storableText(error),
  };
}
