import { hash } from "node:crypto";
import type { NewRow } from "./schema.ts";

/** The part of a row that a judge reads. JSON is text. */
export type SpanContent = Pick<
  NewRow<"spans">,
  | "span_id"
  | "parent_span_id"
  | "name"
  | "kind"
  | "status"
  | "model"
  | "error"
  | "started_at"
  | "ended_at"
  | "input"
  | "output"
  | "metadata"
  | "model_parameters"
>;

/** What a span adds to the `content_hash` of its trace. */
export function spanContent(span: SpanContent): bigint {
  const parts = [
    span.span_id,
    span.parent_span_id,
    span.name,
    span.kind,
    span.status,
    span.model,
    span.error,
    Date.parse(span.started_at),
    span.ended_at && Date.parse(span.ended_at),
    span.input,
    span.output,
    span.metadata,
    span.model_parameters,
  ];
  // Storable text has no U+0000, so it separates the parts.
  return BigInt.asIntN(64, BigInt(`0x${hash("sha256", parts.join("\0")).slice(0, 16)}`));
}
