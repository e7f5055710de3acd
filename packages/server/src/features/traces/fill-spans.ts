import { limits } from "@pandaprobe/contract";
import { sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";
import {
  changedTrace,
  type FilledSpan,
  filledSpan,
  messageContent,
  type SpanKey,
  type SpanWithMessages,
  type StoredTrace,
} from "./filled-span.ts";

/** How many bytes of messages one transaction reads, and how many at once. */
const mostBytes = 64_000_000;
const bytesAtOnce = 8_000_000;

/**
 * Fills spans with the messages that were sent for them as log events: input, output and declared tools, each if the
 * span has none of its own. Messages that arrive in parts are combined again whenever more of them, or the span,
 * arrive. Content stays text here, so the event loop only passes it on.
 *
 * @param spans of traces whose rows the transaction has locked.
 * @returns those whose trace would become too large.
 */
export async function fillSpans(
  db: DatabaseTransaction,
  projectId: string,
  spans: readonly SpanKey[],
): Promise<SpanKey[]> {
  const known = await withMessages(db, projectId, spans);
  let bytes = 0;
  let next: SpanKey[] = [];
  let nextBytes = 0;
  const left: SpanKey[] = [];
  const tooLarge: SpanKey[] = [];
  for (const span of known) {
    bytes += span.bytes;
    if (bytes > mostBytes) left.push(span);
    else {
      if (nextBytes + span.bytes > bytesAtOnce) {
        tooLarge.push(...(await fill(db, projectId, next)));
        [next, nextBytes] = [[], 0];
      }
      next.push(span);
      nextBytes += span.bytes;
    }
  }
  tooLarge.push(...(await fill(db, projectId, next)));
  await setWaiting(db, projectId, left, true);
  return tooLarge;
}

/** The existing spans that have messages, with the size of these. */
async function withMessages(
  db: DatabaseTransaction,
  projectId: string,
  spans: readonly SpanKey[],
): Promise<(SpanKey & { readonly bytes: number })[]> {
  if (spans.length === 0) return [];
  const { rows } = await sql<SpanKey & { readonly bytes: number }>`
    select message.trace_id, message.span_id, sum(message.bytes)::integer as bytes
    from ${keyset(spans)}
    join otel_messages message using (trace_id, span_id)
    join spans span on span.project_id = ${projectId} and span.trace_id = sent.trace_id
      and span.span_id = sent.span_id
    where message.project_id = ${projectId}
    group by 1, 2
    order by 1, 2`.execute(db);
  return rows;
}

function keyset(spans: readonly SpanKey[]) {
  const [traceIds, spanIds] = [spans.map(({ trace_id }) => trace_id), spans.map(({ span_id }) => span_id)];
  return sql`unnest(${traceIds}::uuid[], ${spanIds}::uuid[]) as sent(trace_id, span_id)`;
}

/** @returns the spans whose trace would become too large. */
async function fill(
  db: DatabaseTransaction,
  projectId: string,
  keys: readonly SpanKey[],
): Promise<SpanKey[]> {
  if (keys.length === 0) return [];
  const changed = (await readSpans(db, projectId, keys)).flatMap(filledSpan);
  const filled = changed.length === 0 ? [] : await withinLimits(db, projectId, changed);
  if (filled.length > 0) {
    await updateSpans(db, projectId, filled);
    await updateTraces(db, projectId, filled);
  }
  await setWaiting(db, projectId, keys, false);
  const fitting = new Set(filled);
  return changed.filter((span) => !fitting.has(span)).map(({ span }) => span);
}

type Aggregates = Readonly<
  Record<`${"input" | "output" | "tools"}_${"before" | "now"}`, string | null> & {
    outputs_before: number;
    outputs_now: number;
  }
>;

async function readSpans(
  db: DatabaseTransaction,
  projectId: string,
  keys: readonly SpanKey[],
): Promise<SpanWithMessages[]> {
  const inOrder = sql`order by message.time_ns, message.place, message.name, message.digest`;
  const joined = (column: string) =>
    sql`string_agg(nullif(${sql.ref(`message.${column}`)}, ''), ',' ${inOrder})`;
  const first = sql`array_agg(message.tools ${inOrder})`;
  const { rows } = await sql<Omit<SpanWithMessages, "before" | "now"> & Aggregates>`
    with said as (
      select trace_id, span_id,
        ${joined("input")} as input_now, ${joined("input")} filter (where not waiting) as input_before,
        ${joined("output")} as output_now, ${joined("output")} filter (where not waiting) as output_before,
        sum(outputs)::integer as outputs_now,
        coalesce(sum(outputs) filter (where not waiting), 0)::integer as outputs_before,
        (${first} filter (where tools is not null))[1] as tools_now,
        (${first} filter (where tools is not null and not waiting))[1] as tools_before
      from ${keyset(keys)}
      join otel_messages message using (trace_id, span_id)
      where message.project_id = ${projectId}
      group by 1, 2
    )
    select said.*, span.parent_span_id, span.name, span.kind, span.status, span.model, span.error, span.started_at,
      span.ended_at, span.input::text, span.output::text, span.metadata::text, span.model_parameters::text,
      (span.model_parameters -> 'tools')::text as tools, span.ranks
    from said
    join spans span on span.project_id = ${projectId} and span.trace_id = said.trace_id
      and span.span_id = said.span_id
    order by said.trace_id, said.span_id`.execute(db);
  return rows.map((row) => ({
    ...row,
    before: messageContent(row.input_before, row.output_before, row.outputs_before, row.tools_before),
    now: messageContent(row.input_now, row.output_now, row.outputs_now, row.tools_now),
  }));
}

/** The spans with which their trace does not become too large. */
async function withinLimits(
  db: DatabaseTransaction,
  projectId: string,
  filled: readonly FilledSpan[],
): Promise<FilledSpan[]> {
  const traceIds = [...new Set(filled.map(({ span }) => span.trace_id))];
  const { rows } = await sql<{ trace_id: string; bytes: number }>`
    select trace_id, sum(coalesce(bytes, pg_column_size(spans.*)))::float8 as bytes from spans
    where project_id = ${projectId} and trace_id = any(${traceIds}::uuid[])
    group by 1`.execute(db);
  const sizes = new Map(rows.map(({ trace_id, bytes }) => [trace_id, bytes]));
  return filled.filter(({ span: { trace_id }, growth }) => {
    const size = (sizes.get(trace_id) ?? 0) + growth;
    if (size > limits.traceBytes) return false;
    sizes.set(trace_id, size);
    return true;
  });
}

async function updateSpans(
  db: DatabaseTransaction,
  projectId: string,
  filled: readonly FilledSpan[],
): Promise<void> {
  const rows = filled.map(
    ({ span: { trace_id, span_id }, input, output, model_parameters, growth }) =>
      `{"trace_id":"${trace_id}","span_id":"${span_id}","growth":${growth},"input":${input},"output":${output},"model_parameters":${model_parameters}}`,
  );
  await sql`
    update spans set
      input = coalesce(sent.input, 'null'), output = coalesce(sent.output, 'null'),
      model_parameters = coalesce(sent.model_parameters, 'null'), bytes = bytes + growth
    from json_to_recordset(${`[${rows.join(",")}]`}::json) as sent(trace_id uuid, span_id uuid, growth integer,
      input json, output json, model_parameters json)
    where spans.project_id = ${projectId} and spans.trace_id = sent.trace_id
      and spans.span_id = sent.span_id`.execute(db);
}

/** Brings the traces' summary, `content_hash` and content up to date with their spans. */
async function updateTraces(
  db: DatabaseTransaction,
  projectId: string,
  filled: readonly FilledSpan[],
): Promise<void> {
  const byTrace = Map.groupBy(filled, ({ span }) => span.trace_id);
  const { rows: traces } = await sql<StoredTrace>`
    select trace_id, summary, md5(input::text) as input, md5(output::text) as output from traces
    where project_id = ${projectId} and trace_id = any(${[...byTrace.keys()]}::uuid[])`.execute(db);
  const rows = traces.map((trace) => changedTrace(trace, byTrace.get(trace.trace_id) ?? []));
  await sql`
    update traces set
      summary = coalesce(sent.summary, traces.summary), input = coalesce(sent.input, traces.input),
      output = coalesce(sent.output, traces.output), content_hash = content_hash # change, updated_at = now_ms()
    from json_to_recordset(${`[${rows.join(",")}]`}::json) as sent(trace_id uuid, change bigint, summary json,
      input json, output json)
    where traces.project_id = ${projectId} and traces.trace_id = sent.trace_id`.execute(db);
}

async function setWaiting(
  db: DatabaseTransaction,
  projectId: string,
  keys: readonly SpanKey[],
  waiting: boolean,
): Promise<void> {
  if (keys.length === 0) return;
  await sql`
    update otel_messages message set waiting = ${waiting}
    from ${keyset(keys)}
    where message.project_id = ${projectId} and message.trace_id = sent.trace_id
      and message.span_id = sent.span_id and message.waiting <> ${waiting}`.execute(db);
}
