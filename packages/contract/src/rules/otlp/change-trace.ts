import { limits } from "../../common/limits.ts";
import {
  addToTrace,
  nameOf,
  type TraceBatch,
  type TraceFields,
  type TraceSummary,
} from "../../otel/trace-summary.ts";

/** What a change by a batch of spans depends on. */
export interface SummarizedTrace {
  /** The summary of earlier batches; `null` for a trace that did not come from OTLP. */
  readonly summary: TraceSummary | null;
  readonly tags: readonly string[];
  metadata(): Readonly<Record<string, unknown>>;
}

/** A batch's changes to a stored trace: its own fields, but not those that a client has changed meanwhile. */
export function changeTrace(
  { summary: before, tags, metadata }: SummarizedTrace,
  batch: TraceBatch,
): { readonly summary: TraceSummary; readonly fields: Partial<TraceFields> } {
  const { summary, fields } = addToTrace(before ?? undefined, batch);
  const { name, started_at, status, ...others } = fields;
  const isLed = before?.lead.rank === summary.lead.rank;
  const changed: Partial<TraceFields> = isLed
    ? {
        ...others,
        ...(name === nameOf(before) ? {} : { name }),
        ...(status === undefined || status === "RUNNING" ? {} : { status }),
      }
    : { ...fields };
  if (changed.tags !== undefined) changed.tags = unitedWith(tags, summary, before);
  if (changed.metadata !== undefined) {
    changed.metadata = { ...withoutFormer(metadata(), before), ...changed.metadata };
  }
  return { summary, fields: changed };
}

function unitedWith(tags: readonly string[], summary: TraceSummary, before: TraceSummary | null): string[] {
  const known = new Set(before?.tags.map(({ text }) => text));
  const own = tags.filter((tag) => !known.has(tag));
  const said = summary.tags
    .map(({ text }) => text)
    .filter((tag) => !own.includes(tag) && (tags.includes(tag) || !known.has(tag)));
  return [...own, ...said].slice(0, limits.tags);
}

/** A new root's metadata replaces that of the former one, and nothing else. */
function withoutFormer(
  stored: Readonly<Record<string, unknown>>,
  before: TraceSummary | null,
): Record<string, unknown> {
  const former = new Set(before?.lead.metadata);
  return Object.fromEntries(Object.entries(stored).filter(([name]) => !former.has(name)));
}
