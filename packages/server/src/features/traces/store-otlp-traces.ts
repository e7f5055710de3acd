import { limits } from "@pandaprobe/contract";
import { addToTrace, type TraceBatch, type TraceFields, type TraceSummary } from "@pandaprobe/contract/otel";
import { changeTrace, type OtlpReceipt, splitDateTime } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { DecodedProject, DecodedTrace } from "../../compute/otlp/decode-traces.ts";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { otlpSpanColumns } from "../../db/span-columns.ts";
import { spanContent } from "../../db/span-content.ts";
import { unchangedRow } from "../../db/span-row.ts";
import { parseStorableJson, toJson } from "../../db/storable.ts";
import { inTransaction } from "../../db/transaction.ts";
import { scoreEvents } from "../otel-events/score-events.ts";
import { fillSpans } from "./fill-spans.ts";
import type { SpanKey } from "./filled-span.ts";
import { insertSpans } from "./insert-spans.ts";
import { changeContent } from "./trace-content.ts";
import { checkTraceSizes, TracesTooLargeError } from "./trace-sizes.ts";

/**
 * Stores OpenTelemetry's spans, and updates the summaries of their traces. Spans may arrive in any order, from several
 * processes, and more than once. A trace that would become too large does not change. Everything stored is durable when
 * this returns.
 */
export async function storeOtlpTraces(
  db: Database,
  projectId: string,
  { traces, spans: arrays }: DecodedProject,
): Promise<OtlpReceipt> {
  const reasons: string[] = [];
  let rejected = 0;
  let fitting = traces.filter((trace) => {
    const fits = trace.spanIds.length <= limits.spansPerTrace && trace.bytes <= limits.traceBytes;
    if (!fits) leaveOut(trace, new TracesTooLargeError([trace.traceId]));
    return fits;
  });
  for (;;) {
    try {
      const batch = fitting;
      await inTransaction(db, (transaction) => store(transaction, projectId, batch, arrays));
      return { rejected, reasons };
    } catch (error) {
      if (!(error instanceof TracesTooLargeError)) throw error;
      fitting = fitting.filter((trace) => {
        if (error.traceIds.has(trace.traceId)) leaveOut(trace, new TracesTooLargeError([trace.traceId]));
        return !error.traceIds.has(trace.traceId);
      });
    }
  }

  function leaveOut(trace: DecodedTrace, error: TracesTooLargeError): void {
    rejected += trace.spanIds.length;
    reasons.push(error.message);
  }
}

async function store(
  db: DatabaseTransaction,
  projectId: string,
  traces: readonly DecodedTrace[],
  spans: DecodedProject["spans"],
): Promise<void> {
  if (traces.length === 0) return;
  const existing = await insertTraces(db, projectId, traces);
  const known = traces.filter(({ traceId }) => existing.has(traceId));
  const made = traces.filter(({ traceId }) => !existing.has(traceId));
  const changes = traces.flatMap((trace) => {
    const stored = existing.get(trace.traceId);
    return stored === undefined ? [] : [changeOf(trace, stored)];
  });
  if (changes.length > 0) await updateTraces(db, projectId, changes);
  await changeContents(db, projectId, known);
  const spanArrays = { columns: otlpSpanColumns, arrays: spans };
  await insertSpans(db, projectId, spanArrays, {
    made: made.map(({ traceId }) => traceId),
    known: known.map(({ traceId }) => traceId),
  });
  await checkTraceSizes(db, projectId, [...existing.keys()]);
  const traceIds = traces.map(({ traceId }) => traceId);
  const { messages, events } = await waitingFor(db, projectId, traceIds);
  if (messages) await fillSpans(db, projectId, traces.flatMap(spanKeys));
  if (events) await scoreEvents(db, projectId, traceIds);
}

function spanKeys({ traceId, spanIds }: DecodedTrace): SpanKey[] {
  return spanIds.map((span_id) => ({ trace_id: traceId, span_id }));
}

/** Takes the spans that are replaced out of the traces' `content_hash`, and puts the new ones in. */
async function changeContents(
  db: DatabaseTransaction,
  projectId: string,
  traces: readonly DecodedTrace[],
): Promise<void> {
  if (traces.length === 0) return;
  const changes = new Map(traces.map(({ traceId, content }) => [traceId, content]));
  const spans = traces.flatMap(spanKeys);
  const replaced = await db
    .selectFrom("spans")
    .innerJoin(
      sql<{ trace_id: string; span_id: string }>`unnest(${spans.map(({ trace_id }) => trace_id)}::uuid[],
        ${spans.map(({ span_id }) => span_id)}::uuid[])`.as<"sent">(sql`sent(trace_id, span_id)`),
      (join) =>
        join.onRef("spans.trace_id", "=", "sent.trace_id").onRef("spans.span_id", "=", "sent.span_id"),
    )
    .selectAll("spans")
    .where("project_id", "=", projectId)
    .execute();
  for (const span of replaced) {
    changes.set(span.trace_id, (changes.get(span.trace_id) ?? 0n) ^ spanContent(unchangedRow(span)));
  }
  await changeContent(db, projectId, changes);
}

/** The part of a stored trace that a change depends on. */
interface StoredTrace {
  readonly trace_id: string;
  readonly inserted: boolean;
  readonly summary: TraceSummary | null;
  readonly tags: string[];
  readonly metadata: string;
}

/** Locks all traces in the order of their ids. @returns those that exist already. */
async function insertTraces(
  db: DatabaseTransaction,
  projectId: string,
  traces: readonly DecodedTrace[],
): Promise<Map<string, StoredTrace>> {
  const rows = traces.map((trace) => {
    const { summary, fields } = addToTrace(undefined, batchOf(trace));
    return rowText(trace, fields, { tags: fields.tags ?? [], metadata: trace.metadata ?? "{}" }, summary);
  });
  const { rows: stored } = await sql<StoredTrace>`
    insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, ended_at, session_id,
      user_id, tags, environment, release, summary, content_hash)
    select ${projectId}, trace_id, name, status, coalesce(input, 'null'), coalesce(output, 'null'), metadata, started_at,
      ended_at, session_id, user_id, tags, environment, release, summary, content_hash
    from ${recordset(rows)}
    order by trace_id
    on conflict (project_id, trace_id) do update set updated_at = now_ms()
    returning trace_id, xmax = 0 as inserted,
      case when xmax <> 0 then summary end as summary, case when xmax <> 0 then tags end as tags,
      case when xmax <> 0 then metadata::text end as metadata`.execute(db);
  return new Map(stored.filter(({ inserted }) => !inserted).map((trace) => [trace.trace_id, trace]));
}

/** The batch for {@link addToTrace}, which only passes its values on; as JSON they are in `trace`. */
function batchOf({ summary, input, output, metadata }: DecodedTrace): TraceBatch {
  return { summary, input, output, metadata: metadata === undefined ? undefined : {} };
}

function recordset(rows: readonly string[]) {
  return sql`json_to_recordset(${`[${rows.join(",")}]`}::json) as sent(trace_id uuid, name text, status text, input json,
    output json, metadata json, started_at timestamptz, ended_at timestamptz, session_id text, user_id text, tags text[],
    environment text, release text, summary json, content_hash bigint)`;
}

/** A batch's changes to a stored trace, as a row. */
function changeOf(trace: DecodedTrace, { summary: before, tags, metadata: stored }: StoredTrace): string {
  const batch = batchOf(trace);
  const sent = () => parseStorableJson(trace.metadata ?? "{}") as Record<string, unknown>;
  const { summary, fields } = changeTrace(
    { summary: before, tags, metadata: () => parseStorableJson(stored) as Record<string, unknown> },
    batch.metadata === undefined ? batch : { ...batch, metadata: sent() },
  );
  const metadata = fields.metadata && toJson(fields.metadata);
  return rowText(trace, fields, { tags: fields.tags, metadata }, summary);
}

/** A row of `traces` as a JSON object. Missing columns do not change. */
function rowText(
  trace: DecodedTrace,
  fields: Partial<TraceFields>,
  { tags, metadata }: { readonly tags: string[] | undefined; readonly metadata: string | undefined },
  summary: TraceSummary,
): string {
  const { input, output, metadata: _, ...plain } = fields;
  const text = JSON.stringify({
    trace_id: trace.traceId,
    ...plain,
    tags,
    started_at: fields.started_at && splitDateTime(fields.started_at).iso,
    ended_at: fields.ended_at && splitDateTime(fields.ended_at).iso,
    summary,
    content_hash: trace.content.toString(),
  });
  const json = Object.entries({
    input: input === undefined ? undefined : trace.input,
    output: output === undefined ? undefined : trace.output,
    metadata,
  }).flatMap(([name, value]) => (value === undefined ? [] : [`,"${name}":${value}`]));
  return `${text.slice(0, -1)}${json.join("")}}`;
}

async function updateTraces(
  db: DatabaseTransaction,
  projectId: string,
  rows: readonly string[],
): Promise<void> {
  await sql`
    update traces set
      name = coalesce(sent.name, traces.name),
      started_at = coalesce(sent.started_at, traces.started_at),
      status = coalesce(sent.status, traces.status),
      ended_at = coalesce(sent.ended_at, traces.ended_at),
      input = coalesce(sent.input, traces.input),
      output = coalesce(sent.output, traces.output),
      metadata = coalesce(sent.metadata, traces.metadata),
      session_id = coalesce(sent.session_id, traces.session_id),
      user_id = coalesce(sent.user_id, traces.user_id),
      tags = coalesce(sent.tags, traces.tags),
      environment = coalesce(sent.environment, traces.environment),
      release = coalesce(sent.release, traces.release),
      summary = sent.summary
    from ${recordset(rows)}
    where traces.project_id = ${projectId} and traces.trace_id = sent.trace_id`.execute(db);
}

/** Log events that arrived for traces. */
interface OfLogs {
  readonly messages: boolean;
  readonly events: boolean;
}

/** For most traces, nothing is waiting. */
async function waitingFor(
  db: DatabaseTransaction,
  projectId: string,
  traceIds: readonly string[],
): Promise<OfLogs> {
  const {
    rows: [found],
  } = await sql<OfLogs>`
    select
      exists (select from otel_messages where project_id = ${projectId} and trace_id = any(${traceIds}::uuid[]))
        as messages,
      exists (select from otel_events where project_id = ${projectId} and trace_id = any(${traceIds}::uuid[])
        and score is not null) as events`.execute(db);
  return found ?? { messages: true, events: true };
}
