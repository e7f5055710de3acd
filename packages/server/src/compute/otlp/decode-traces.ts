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

/** What a thread made of a request. */
export type Decoded<Result> =
  | { readonly decoded: Result }
  /** Errors lose their class between threads. */
  | { readonly problem: { readonly code: ProblemError["code"]; readonly detail: string } };

/** The spans of a request, ready to be stored. */
export interface DecodedTraces {
  readonly projects: readonly { readonly name: string; readonly traces: readonly DecodedTrace[] }[];
  readonly rejected: number;
  /** Why spans were rejected or cut, a few sentences at most. */
  readonly reasons: readonly string[];
}

/** The spans of one trace. JSON stays text, so that the main thread neither copies objects nor writes JSON. */
export interface DecodedTrace {
  readonly traceId: string;
  readonly summary: TraceBatch["summary"];
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly metadata: string | undefined;
  /** Rows of `spans`: JSON objects with commas between them. */
  readonly rows: string;
  readonly spans: number;
  /** What each span adds to the trace's `content_hash`, by the span's id. */
  readonly contents: ReadonlyMap<string, bigint>;
  /** What the spans take of the trace's limit. */
  readonly bytes: number;
}

/** Reads a request, and turns its spans into traces. @throws ProblemError `malformed_request`, `body_too_large` */
export function decodeTraces({ project, prices, masking, ...body }: DecodeTracesTask): DecodedTraces {
  const rejections = new Rejections("span");
  const rules = { prices: remembered(spanPrices(prices)), masking: latestMasking(masking) };
  const byProject = readTraces(readBody("traces", body), project, rejections);
  return {
    projects: [...byProject].map(([name, traces]) => ({
      name,
      traces: [...traces].map(([traceId, parts]) => decodedTrace(traceId, parts, rejections, rules)),
    })),
    ...rejections.summary(),
  };
}

function decodedTrace(
  otelTraceId: string,
  sent: readonly TracePart[],
  rejections: Rejections,
  { prices, masking }: { readonly prices: SpanPrices; readonly masking: Masking | null },
): DecodedTrace {
  const traceId = toTraceId(otelTraceId);
  const parts = maskParts(masking, distinctSpans(sent));
  const { kept, warnings } = storedSpans(parts);
  rejections.note(warnings);
  const rows = kept
    .map(storableSpan)
    .map(withoutComputedCost)
    .map((span) =>
      spanRow({ project_id: "", trace_id: traceId, span_id: span.span_id ?? "" }, span, undefined, prices),
    );
  const { summary, input, output, metadata } = maskBatch(masking, traceBatch(parts));
  return {
    traceId,
    summary: storable(summary),
    input: input === undefined ? undefined : toJson(input),
    output: output === undefined ? undefined : toJson(output),
    metadata: metadata && toJson(keptTrace({ name: "", started_at: "", metadata }).kept.metadata),
    rows: rows.map((row, index) => rowText(row, parts[index])).join(","),
    spans: rows.length,
    contents: new Map(rows.map((row) => [row.span_id, spanContent(row)])),
    bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
  };
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

/** The columns that are no part of a row's plain JSON. */
const elsewhere = {
  project_id: undefined,
  input: undefined,
  output: undefined,
  token_usage: undefined,
  metadata: undefined,
  model_parameters: undefined,
  cost: undefined,
};

/** A row as a JSON object. Its JSON columns are JSON already. */
function rowText(row: ReturnType<typeof spanRow>, part: TracePart | undefined): string {
  const { input, output, token_usage, metadata, model_parameters, cost } = row;
  const text = JSON.stringify({ ...row, ...elsewhere, ranks: (part && contentRanks(part)) ?? undefined });
  return `${text.slice(0, -1)},"input":${input},"output":${output},"token_usage":${token_usage},"metadata":${metadata},"model_parameters":${model_parameters},"cost":${cost}}`;
}
