import { splitDateTime } from "../../common/dates.ts";
import { type Kept, keptSpans } from "../../common/kept.ts";
import { cutFreeText } from "../../common/text.ts";
import type { TracePart } from "../../otel/ranked-part.ts";
import type { SpanCreate } from "../../spans.ts";

/** What is stored of the spans of a trace. Starts keep their nanoseconds, which order the spans. */
export function storedSpans(parts: readonly TracePart[]): Kept<SpanCreate[]> {
  return keptSpans(
    parts.map(({ span: { error, ...span } }) => ({
      ...span,
      ended_at: splitDateTime(span.ended_at).iso,
      completion_start_time: span.completion_start_time && splitDateTime(span.completion_start_time).iso,
      error: error && cutFreeText(error),
    })),
  );
}

/** Each span once: the one that was sent last. */
export function distinctSpans(sent: readonly TracePart[]): TracePart[] {
  return [...new Map(sent.map((part) => [part.span.span_id, part])).values()];
}
