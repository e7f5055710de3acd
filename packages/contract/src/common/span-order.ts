/** What the order of a trace's spans depends on. */
export interface OrderedSpan {
  readonly span_id: string;
  readonly parent_span_id: string | null;
  /** Start and end as texts that sort by time. */
  readonly start: string;
  readonly end: string | null;
}

/**
 * The spans of a trace in order: by start, then parents before their children, then by end, then by id. It never depends on
 * the order in which they arrived.
 */
export function inSpanOrder<Span>(spans: readonly Span[], orderOf: (span: Span) => OrderedSpan): Span[] {
  const entries = spans.map((span) => ({ span, order: orderOf(span) }));
  const byId = new Map(entries.map(({ order }) => [order.span_id, order]));
  const depths = new Map<string, number>();
  const depth = (order: OrderedSpan) => depths.get(order.span_id) ?? measure(order, byId, depths);
  entries.sort(
    ({ order: a }, { order: b }) =>
      compare(a.start, b.start) ||
      depth(a) - depth(b) ||
      compare(a.end ?? never, b.end ?? never) ||
      compare(a.span_id, b.span_id),
  );
  return entries.map(({ span }) => span);
}

/** Sorts after every time. */
const never = "~";

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How many ancestors that started at the same time it has. Parents that form a circle end the search. */
function measure(
  order: OrderedSpan,
  byId: ReadonlyMap<string, OrderedSpan>,
  depths: Map<string, number>,
): number {
  const path: OrderedSpan[] = [];
  const seen = new Set<string>();
  let at: OrderedSpan | undefined = order;
  while (at !== undefined && at.start === order.start && !depths.has(at.span_id) && !seen.has(at.span_id)) {
    seen.add(at.span_id);
    path.push(at);
    at = at.parent_span_id === null ? undefined : byId.get(at.parent_span_id);
  }
  const isKnown = at !== undefined && at.start === order.start && !seen.has(at.span_id);
  let depth = isKnown && at !== undefined ? (depths.get(at.span_id) ?? 0) + 1 : 0;
  for (const each of path.reverse()) depths.set(each.span_id, depth++);
  return depths.get(order.span_id) ?? 0;
}
