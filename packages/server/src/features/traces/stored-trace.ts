import { type RawBuilder, sql } from "kysely";
import type { Database } from "../../db/database.ts";

/** A trace as it is evaluated: JSON of a `Trace` of the metrics. Parsing it is left to whoever knows where. */
export interface StoredTrace {
  readonly trace_id: string;
  /** About how long its JSON is, in characters. */
  readonly chars: number;
  /** Undefined where the trace was deleted meanwhile. */
  read(): Promise<string | undefined>;
}

/** A trace that is longer is read by and by, when there is memory for it. */
const readAtOnce = 64_000;

/** How much of a trace is read for an evaluation, in bytes: what later steps hold beyond it is left out. */
const mostBytes = 32_000_000;
/** How much of each of the trace's own parts. */
const mostBytesOfPart = 8_000_000;

interface Row {
  readonly trace_id: string;
  readonly bytes: number;
  readonly json: string | null;
}

/** The traces of these ids that exist, in the order of the ids. */
export async function readStoredTraces(
  db: Database,
  projectId: string,
  traceIds: readonly string[],
): Promise<StoredTrace[]> {
  if (traceIds.length === 0) return [];
  const { rows } = await sql<Row>`
    select trace.trace_id, size.bytes,
      case when size.bytes <= ${readAtOnce} then ${json(spansWhole)} end as json
    from traces trace
    cross join lateral (
      select octet_length(trace.input::text) + octet_length(trace.output::text)
        + octet_length(trace.metadata::text) + ${spanBytes} as bytes
    ) as size
    where trace.project_id = ${projectId} and trace.trace_id = any (${traceIds}::uuid[])`.execute(db);
  const byId = new Map(rows.map((row) => [row.trace_id, row]));
  return traceIds.flatMap((id) => {
    const row = byId.get(id);
    if (row === undefined) return [];
    const read = async () => row.json ?? readLarge(db, projectId, id);
    return [{ trace_id: id, chars: row.bytes, read }];
  });
}

async function readLarge(db: Database, projectId: string, traceId: string): Promise<string | undefined> {
  const { rows } = await sql<Pick<Row, "json">>`
    select ${json(spansUpToTheMost)} as json from traces trace
    where trace.project_id = ${projectId} and trace.trace_id = ${traceId}`.execute(db);
  return rows[0]?.json ?? undefined;
}

const isoTime = (column: string) =>
  sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const bytesOfSpan = sql`octet_length(span.input::text) + octet_length(span.output::text)
  + octet_length(span.metadata::text) + octet_length(span.model_parameters::text)
  + coalesce(octet_length(span.error), 0) + 200`;

const ofTrace = sql`span.project_id = trace.project_id and span.trace_id = trace.trace_id`;

const spanBytes = sql`(select coalesce(sum(${bytesOfSpan}), 0) from spans span where ${ofTrace})`;

const leftOut = sql`'"… [left out: the trace is too large] …"'::json`;

const spansWhole = sql`(select * from spans span where ${ofTrace})`;

/** The spans with what they hold, as long as all before them are not too much; of the rest, that they were. */
const spansUpToTheMost = sql`(
  select span_id, parent_span_id, name, kind, status, model, started_at, ended_at, seq,
    case when sofar <= ${mostBytes} then input else ${leftOut} end as input,
    case when sofar <= ${mostBytes} then output else ${leftOut} end as output,
    case when sofar <= ${mostBytes} then metadata else '{}' end as metadata,
    case when sofar <= ${mostBytes} then model_parameters end as model_parameters,
    case when sofar <= ${mostBytes} then error end as error
  from (
    select span.*, sum(${bytesOfSpan}) over (order by span.started_at, span.seq) as sofar
    from spans span where ${ofTrace}
  ) as span)`;

/** A part of the trace itself, which a large limit on bodies lets be larger than all that is read. */
function part(column: string): RawBuilder<unknown> {
  const value = sql.ref(column);
  return sql`case when octet_length(${value}::text) <= ${mostBytesOfPart} then ${value}
    else to_json(left(${value}::text, ${mostBytesOfPart / 4})) end`;
}

function json(spans: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`json_build_object(
    'trace_id', trace.trace_id, 'name', trace.name, 'status', trace.status,
    'input', ${part("trace.input")}, 'output', ${part("trace.output")},
    'metadata', case when octet_length(trace.metadata::text) <= ${mostBytesOfPart} then trace.metadata else '{}' end,
    'started_at', ${isoTime("trace.started_at")}, 'ended_at', ${isoTime("trace.ended_at")},
    'session_id', trace.session_id, 'tags', trace.tags,
    'spans', (
      select coalesce(json_agg(json_build_object(
        'span_id', span.span_id, 'parent_span_id', span.parent_span_id, 'name', span.name, 'kind', span.kind,
        'status', span.status, 'input', span.input, 'output', span.output, 'model', span.model,
        'metadata', span.metadata, 'model_parameters', span.model_parameters, 'error', span.error,
        'started_at', ${isoTime("span.started_at")}, 'ended_at', ${isoTime("span.ended_at")}
      ) order by span.started_at, span.seq), '[]')
      from ${spans} as span
    ))::text`;
}
