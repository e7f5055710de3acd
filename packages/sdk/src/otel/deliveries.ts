import { type OtelSpan, parentIdOf } from "./otel-span.ts";

/** A server that takes traces may be traced, too. */
const serverKind = 1;

/**
 * Tells which spans are of requests that brought traces to one of the addresses, or of steps of those, such as a
 * browser's preflight. Exported, they would make another such request, without end.
 */
export function deliveriesAmong(
  spans: readonly OtelSpan[],
  addresses: ReadonlySet<string>,
): (span: OtelSpan) => boolean {
  const ids = new Set(
    spans.filter((span) => isDelivery(span, addresses)).map((span) => span.spanContext().spanId),
  );
  return (span) => ids.has(span.spanContext().spanId) || ids.has(parentIdOf(span) ?? "");
}

function isDelivery({ kind, attributes }: OtelSpan, addresses: ReadonlySet<string>): boolean {
  // What is not a span is reported where it is read.
  const url = attributes?.["url.full"] ?? attributes?.["http.url"];
  if (kind === serverKind || typeof url !== "string" || !URL.canParse(url)) return false;
  return addresses.has(new URL(url).href);
}
