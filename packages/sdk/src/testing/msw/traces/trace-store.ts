import type { SpanCreate, TraceCreate } from "@pandaprobe/contract";
import { addToTrace, contentRanks, type TracePart, traceBatch } from "@pandaprobe/contract/otel";
import {
  changeTrace,
  droppedTags,
  droppedTagsWarning,
  keptMetadata,
  keptTrace,
  mergedMetadata,
  notFound,
  splitDateTime,
  unitedTags,
  withoutComputedCost,
} from "@pandaprobe/contract/rules";
import type { Project, SpanFields, StoredTrace, TraceFields } from "../state/project.ts";
import type { World } from "../world.ts";

/** @throws ProblemError `not_found` */
export function findTrace(project: Project, id: string): StoredTrace {
  const stored = project.traces.get(id);
  if (stored === undefined) throw notFound("trace", id);
  return stored;
}

/** Inserts a trace, or changes the given fields of the existing one. */
export function storeTrace(
  world: World,
  project: Project,
  body: TraceCreate,
): { readonly trace_id: string; readonly warnings: readonly string[] } {
  const { kept: sent, warnings } = keptTrace(body);
  const { spans = [], ...fields } = sent;
  const id = fields.trace_id ?? world.ids.next();
  const stored = project.traces.get(id) ?? insertTrace(project, id, fields);
  const { metadata, tags } = stored.fields;
  stored.fields = {
    ...stored.fields,
    ...withoutUndefined(fields),
    metadata: keptMetadata(mergedMetadata(metadata, fields.metadata)),
    tags: unitedTags(tags, fields.tags),
  };
  mergeSpans(world, stored, spans);
  const dropped = droppedTags(stored.fields.tags, fields.tags);
  const all = dropped === 0 ? warnings : [...warnings, droppedTagsWarning(dropped)];
  return { trace_id: id, warnings: all };
}

/**
 * Inserts a trace from OpenTelemetry's spans, or adds them to the existing one. Spans that arrive again
 * replace the stored ones.
 */
export function storeOtelTrace(
  world: World,
  project: Project,
  {
    id,
    parts,
    spans,
  }: { readonly id: string; readonly parts: readonly TracePart[]; readonly spans: SpanCreate[] },
): void {
  const batch = traceBatch(parts);
  const stored = project.traces.get(id);
  const { summary = null, fields: { tags, metadata } = { tags: [], metadata: {} } } = stored ?? {};
  const { summary: after, fields } =
    stored === undefined
      ? addToTrace(undefined, batch)
      : changeTrace({ summary, tags, metadata: () => metadata }, batch);
  const { started_at, ended_at } = fields;
  const changed = withoutUndefined({
    ...fields,
    started_at: started_at && splitDateTime(started_at).iso,
    ended_at: ended_at && splitDateTime(ended_at).iso,
    metadata: fields.metadata && keptMetadata(fields.metadata),
  });
  const trace = stored ?? insertTrace(project, id, { name: "", started_at: "" });
  trace.fields = { ...trace.fields, ...changed };
  trace.summary = after;
  for (const { span_id } of spans) trace.spans.delete(span_id ?? "");
  mergeSpans(world, trace, spans);
  for (const part of parts) {
    const ranks = contentRanks(part);
    if (ranks === null) trace.ranks.delete(part.span.span_id);
    else trace.ranks.set(part.span.span_id, ranks);
  }
}

/** Inserts spans, or changes the given fields of existing ones. @returns their ids, in order */
export function mergeSpans(world: World, stored: StoredTrace, spans: readonly SpanCreate[]): string[] {
  noteChange(world, stored);
  return spans.map(withoutComputedCost).map((sent) => {
    const id = sent.span_id ?? world.ids.next();
    const before = stored.spans.get(id) ?? newSpan(stored.fields.trace_id, id, sent);
    const metadata = keptMetadata(mergedMetadata(before.metadata, sent.metadata));
    stored.spans.set(id, { ...before, ...withoutUndefined(sent), metadata });
    return id;
  });
}

export function noteChange({ changes, clock }: World, stored: StoredTrace): void {
  stored.changed = changes.add();
  stored.changedAt = clock.now();
}

function insertTrace(
  project: Project,
  id: string,
  { name, started_at }: Pick<TraceFields, "name" | "started_at">,
): StoredTrace {
  const stored: StoredTrace = {
    fields: {
      trace_id: id,
      project_id: project.id,
      name,
      status: "COMPLETED",
      input: null,
      output: null,
      metadata: {},
      started_at,
      ended_at: null,
      session_id: null,
      user_id: null,
      tags: [],
      environment: null,
      release: null,
    },
    spans: new Map(),
    summary: null,
    ranks: new Map(),
    changed: 0,
    changedAt: 0,
  };
  project.traces.set(id, stored);
  return stored;
}

function newSpan(
  traceId: string,
  id: string,
  { name, started_at }: Pick<SpanFields, "name" | "started_at">,
): SpanFields {
  return {
    span_id: id,
    trace_id: traceId,
    parent_span_id: null,
    name,
    kind: "OTHER",
    status: "UNSET",
    input: null,
    output: null,
    model: null,
    token_usage: null,
    metadata: {},
    started_at,
    ended_at: null,
    error: null,
    completion_start_time: null,
    model_parameters: null,
    cost: null,
  };
}

type Sent<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The given fields: an undefined one changes nothing. */
function withoutUndefined<T extends object>(sent: T): Sent<T> {
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)) as Sent<T>;
}

/** Deletes traces with their spans and scores. @returns how many existed */
export function deleteTraces(project: Project, ids: readonly string[]): number {
  const gone = new Set(ids.filter((id) => project.traces.delete(id)));
  for (const [key, { message }] of project.messages) {
    if (gone.has(message.traceId)) project.messages.delete(key);
  }
  for (const [id, { score }] of project.traceScores) {
    if (gone.has(score.trace_id)) project.traceScores.delete(id);
  }
  for (const [id, { trace_id }] of project.spanScores) {
    if (gone.has(trace_id)) project.spanScores.delete(id);
  }
  for (const queue of project.reviewQueues.values()) {
    queue.items = queue.items.filter(({ trace_id: id }) => id === null || !gone.has(id));
  }
  return gone.size;
}
