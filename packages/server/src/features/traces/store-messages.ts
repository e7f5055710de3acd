import { limits } from "@pandaprobe/contract";
import type { OtlpReceipt } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { DecodedMessage } from "../../compute/otlp/decode-logs.ts";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { fillSpans } from "./fill-spans.ts";
import { isOneOf, lockTraces } from "./lock-traces.ts";

/** How much of the log is kept, in events and in bytes. */
const mostOfSpan = { events: 1_000, bytes: 4_000_000 };
const mostOfTrace = { bytes: limits.traceBytes };
/** The limit of a project, for spans that have not arrived. */
const mostWaiting = { events: 10_000, bytes: 100_000_000 };

const why = {
  span: `a span may have ${mostOfSpan.events} events with messages, of ${mostOfSpan.bytes} bytes together, in 24 hours.`,
  trace: `a trace may have ${mostOfTrace.bytes} bytes of messages in 24 hours.`,
  size: `the trace would have more than ${limits.traceBytes} bytes.`,
  waiting: `${mostWaiting.events} events, or ${mostWaiting.bytes} bytes of events, already wait for their spans. Send traces first.`,
};

/**
 * Stores messages of model calls, each once. Existing spans have them when this returns; others get them on
 * arrival.
 */
export async function storeMessages(
  db: Database,
  projectId: string,
  messages: readonly DecodedMessage[],
): Promise<OtlpReceipt> {
  if (messages.length === 0) return { rejected: 0, reasons: [] };
  return inTransaction(db, async (transaction) => {
    const traceIds = [...new Set(messages.map(({ trace_id }) => trace_id))];
    // Writers of these spans wait, so that each sees what the other wrote.
    await lockTraces(transaction, projectId, isOneOf(traceIds));
    const sent = await insertMessages(transaction, projectId, traceIds, messages);
    const stored = sent.filter(({ surplus }) => surplus === null);
    const tooLarge = await fillSpans(transaction, projectId, stored);
    const isTooLarge = ({ trace_id, span_id }: SentEvents) =>
      tooLarge.some((span) => span.trace_id === trace_id && span.span_id === span_id);
    const left = sent.flatMap((each) => {
      const surplus = each.surplus ?? (isTooLarge(each) ? "size" : null);
      return surplus === null ? [] : [{ surplus, events: each.events }];
    });
    const reasons = new Set(left.map(({ surplus }) => `Messages were not stored: ${why[surplus]}`));
    return { rejected: left.reduce((sum, { events }) => sum + events, 0), reasons: [...reasons] };
  });
}

/** New events of one span. */
interface SentEvents {
  readonly trace_id: string;
  readonly span_id: string;
  /** The limit that they exceed; `null` if they are stored. */
  readonly surplus: keyof typeof why | null;
  readonly events: number;
}

async function insertMessages(
  db: DatabaseTransaction,
  projectId: string,
  traceIds: readonly string[],
  messages: readonly DecodedMessage[],
): Promise<SentEvents[]> {
  const { rows } = await sql<SentEvents>`
    with fresh as (
      select distinct on (trace_id, span_id, name, time_ns, digest) *
      from json_to_recordset(${`[${messages.map(({ row }) => row).join(",")}]`}::json) as sent(trace_id uuid,
        span_id uuid, name text, time_ns numeric, digest uuid, place integer, input text, output text, outputs integer,
        tools text, bytes bigint)
      where not exists (
        select from otel_messages known
        where known.project_id = ${projectId} and known.trace_id = sent.trace_id and known.span_id = sent.span_id
          and known.name = sent.name and known.time_ns = sent.time_ns and known.digest = sent.digest)
      order by trace_id, span_id, name, time_ns, digest, place
    ), of_spans as (
      select trace_id, span_id, count(*) as events, sum(bytes) as bytes from otel_messages
      where project_id = ${projectId} and trace_id = any(${traceIds}::uuid[])
      group by 1, 2
    ), of_traces as (
      select trace_id, sum(bytes) as bytes from of_spans group by 1
    ), waiting as (
      select count(*) as events, coalesce(sum(bytes), 0) as bytes
      from (
        select bytes from otel_messages where project_id = ${projectId} and waiting limit ${mostWaiting.events}
      ) as those
    ), counted as (
      select fresh.*, early,
        coalesce(of_spans.events, 0) + row_number() over of_span as span_events,
        coalesce(of_spans.bytes, 0) + sum(fresh.bytes) over of_span as span_bytes,
        coalesce(of_traces.bytes, 0) + sum(fresh.bytes) over of_trace as trace_bytes,
        waiting.events + row_number() over of_early as waiting_events,
        waiting.bytes + sum(fresh.bytes) over of_early as waiting_bytes
      from fresh
      cross join waiting
      cross join lateral (
        select not exists (
          select from spans span where span.project_id = ${projectId} and span.trace_id = fresh.trace_id
            and span.span_id = fresh.span_id) as early
      ) as arrival
      left join of_spans on of_spans.trace_id = fresh.trace_id and of_spans.span_id = fresh.span_id
      left join of_traces on of_traces.trace_id = fresh.trace_id
      window of_span as (partition by fresh.trace_id, fresh.span_id order by time_ns, place, name, digest),
        of_trace as (partition by fresh.trace_id order by fresh.span_id, time_ns, place, name, digest),
        of_early as (partition by early order by fresh.trace_id, fresh.span_id, time_ns, place, name, digest)
    ), judged as (
      select *,
        case
          when span_events > ${mostOfSpan.events} or span_bytes > ${mostOfSpan.bytes} then 'span'
          when trace_bytes > ${mostOfTrace.bytes} then 'trace'
          when early and (waiting_events > ${mostWaiting.events} or waiting_bytes > ${mostWaiting.bytes})
            then 'waiting'
        end as surplus
      from counted
    ), inserted as (
      -- Ordered, so that two transactions that store the same events wait instead of deadlocking.
      insert into otel_messages (project_id, trace_id, span_id, name, time_ns, digest, place, input, output, outputs,
        tools, bytes)
      select ${projectId}, trace_id, span_id, name, time_ns, digest, place, input, output, outputs, tools, bytes
      from judged where surplus is null
      order by trace_id, span_id, name, time_ns, digest
      on conflict do nothing
    )
    select trace_id, span_id, surplus, count(*)::integer as events from judged group by 1, 2, 3`.execute(db);
  return rows;
}
