import { splitDateTime } from "../../common/dates.ts";
import { type Kept, keptSpans } from "../../common/kept.ts";
import { cutFreeText } from "../../common/text.ts";
import type { TracePart } from "../../otel/ranked-part.ts";
import type { SpanCreate } from "../../spans.ts";

/** The stored form of a trace's spans. Starts keep their nanoseconds, which order the spans. */
export function storedSpans(parts: readonly TracePart[]): Kept<SpanCreate[]> {
  return keptSpans(
    parts.map(({ span }) => ({
      ...span,
      ended_at: splitDateTime(span.ended_at).iso,
      completion_start_time: span.completion_start_time && splitDateTime(span.completion_start_time).iso,
      error: span.error && cutFreeText(span.error),
    })),
  );
}

/** Each span once, as it was sent last. */
export function distinctSpans(sent: readonly TracePart[]): TracePart[] {
  const byId = new Map<string, TracePart>();
  for (const part of sent) byId.set(part.span.span_id, part);
  return [...byId.values()];
}
