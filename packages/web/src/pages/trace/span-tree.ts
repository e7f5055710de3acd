import type { SpanResponse } from "@pandaprobe/sdk";

export interface SpanRow {
  readonly span: SpanResponse;
  readonly depth: number;
  /** Its position in start order, from 1, which judges call a step. */
  readonly step: number;
  readonly childCount: number;
}

/** Trees of more spans open with their deep levels folded. */
const largeTree = 200;
const openLevels = 3;

/**
 * The spans as rows of a tree: children after their parent, in start order. A span whose parent is missing is at the
 * top, and so are spans that name each other as parents. No recursion, because a chain may be thousands of spans deep.
 */
export function spanRows(spans: readonly SpanResponse[]): SpanRow[] {
  const ids = new Set(spans.map(({ span_id }) => span_id));
  const steps = new Map(spans.map((span, index) => [span, index + 1]));
  const children = new Map<string | null, SpanResponse[]>();
  for (const span of spans) {
    const { parent_span_id: parent, span_id } = span;
    const key = parent !== null && parent !== span_id && ids.has(parent) ? parent : null;
    const siblings = children.get(key);
    if (siblings === undefined) children.set(key, [span]);
    else siblings.push(span);
  }
  const rows: SpanRow[] = [];
  const seen = new Set<SpanResponse>();
  const visit = (roots: readonly SpanResponse[]) => {
    const waiting = roots.toReversed().map((span) => ({ span, depth: 0 }));
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { span, depth } = next;
      if (seen.has(span)) continue;
      seen.add(span);
      const below = children.get(span.span_id) ?? [];
      rows.push({ span, depth, step: steps.get(span) ?? 0, childCount: below.length });
      for (const child of below.toReversed()) waiting.push({ span: child, depth: depth + 1 });
    }
  };
  visit(children.get(null) ?? []);
  for (const span of spans) if (!seen.has(span)) visit([span]);
  return rows;
}

/** The spans that are folded at first. */
export function foldedAtFirst(rows: readonly SpanRow[]): ReadonlySet<string> {
  if (rows.length <= largeTree) return new Set();
  return new Set(
    rows
      .filter(({ depth, childCount }) => depth >= openLevels - 1 && childCount > 0)
      .map(({ span }) => span.span_id),
  );
}

/** The rows that are not inside a folded one. */
export function openRows(rows: readonly SpanRow[], folded: ReadonlySet<string>): SpanRow[] {
  let foldedDepth = Number.POSITIVE_INFINITY;
  return rows.filter(({ span, depth }) => {
    if (depth > foldedDepth) return false;
    foldedDepth = folded.has(span.span_id) ? depth : Number.POSITIVE_INFINITY;
    return true;
  });
}

/** From the first start to the last end, in milliseconds since 1970; the axis of the timeline. */
export function timeAxis(spans: readonly SpanResponse[]): { start: number; length: number } {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    start = Math.min(start, Date.parse(span.started_at));
    end = Math.max(end, Date.parse(span.ended_at ?? span.started_at));
  }
  return { start, length: Math.max(1, end - start) };
}
