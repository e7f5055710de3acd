import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { inOrder } from "./read-traces.ts";

/** A trace for evaluation, as the JSON of a metric's `Trace`. The caller decides in which thread to parse it. */
export interface StoredTrace {
  readonly trace_id: string;
  /** The `content_hash` of the trace. */
  readonly contentHash: string;
  /** The approximate length of the JSON. */
  readonly chars: number;
  /** Resolves to undefined if the trace was deleted meanwhile. */
  read(): Promise<string | undefined>;
}

/** A larger trace is read later, when there is memory for it. */
const mostBytesAtOnce = 256_000;
/** How much of a trace is read for an evaluation. The content of further spans is left out. */
const mostBytes = 16_000_000;

/** The existing traces with these ids, in the order of the ids. */
export async function readStoredTraces(
  db: Database,
  projectId: string,
  traceIds: readonly string[],
): Promise<StoredTrace[]> {
  if (traceIds.length === 0) return [];
  // The traces are read first: if a span changes in between, the hash is older, and the score counts as stale.
  const traces = await readTraceTexts(db, projectId, traceIds);
  const spans = await readSpanTexts(db, projectId, traceIds);
  const byId = new Map(traces.map((trace) => [trace.trace_id, trace]));
  const spansOf = Map.groupBy(spans, (span) => span.trace_id);
  return traceIds.flatMap((id) => {
    const trace = byId.get(id);
    if (trace === undefined) return [];
    const own = spansOf.get(id) ?? [];
    const bytes = trace.bytes + (own[0]?.total ?? 0);
    const isLarge = bytes > mostBytesAtOnce;
    const json = isLarge ? undefined : traceJson(trace, own);
    return [
      {
        trace_id: id,
        contentHash: trace.content_hash,
        chars: bytes,
        read: async () => json ?? readLarge(db, projectId, id),
      },
    ];
  });
}

async function readLarge(db: Database, projectId: string, traceId: string): Promise<string | undefined> {
  const [[trace], spans] = await Promise.all([
    readTraceTexts(db, projectId, [traceId], mostBytes),
    readSpanTexts(db, projectId, [traceId], mostBytes),
  ]);
  return trace && traceJson(trace, spans);
}

/** JSON columns are read as text. */
interface TraceText {
  readonly trace_id: string;
  readonly name: string;
  readonly status: string;
  readonly tags: string[];
  readonly session_id: string | null;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly content_hash: string;
  readonly bytes: number;
  readonly input: string | null;
  readonly output: string | null;
  readonly metadata: string | null;
}

/** @param most input, output and metadata of more bytes are left out. */
async function readTraceTexts(
  db: Database,
  projectId: string,
  traceIds: readonly string[],
  most: number = mostBytesAtOnce,
): Promise<TraceText[]> {
  const { rows } = await sql<TraceText>`
    select trace_id, name, status, tags, session_id, started_at, ended_at, content_hash::text,
      octet_length(input::text) + octet_length(output::text) + octet_length(metadata::text) as bytes,
      case when octet_length(input::text) <= ${most} then input::text else ${leftOut} end as input,
      case when octet_length(output::text) <= ${most} then output::text else ${leftOut} end as output,
      case when octet_length(metadata::text) <= ${most} then metadata::text end as metadata
    from traces where project_id = ${projectId} and trace_id = any (${traceIds}::uuid[])`.execute(db);
  return rows;
}

interface SpanText {
  readonly trace_id: string;
  /** Bytes of all spans of the trace. */
  readonly total: number;
  /** The cost of all spans of the trace; `null` if none has one. */
  readonly cost_usd: number | null;
  readonly span_id: string;
  readonly parent_span_id: string | null;
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  readonly model: string | null;
  readonly started_at: string;
  readonly started_ns: number;
  readonly ended_at: string | null;
  readonly input: string | null;
  readonly output: string | null;
  readonly metadata: string | null;
  readonly model_parameters: string | null;
  readonly error: string | null;
}

/**
 * The spans of each trace in order. If a trace's spans are too large to be read at once, only the first is returned,
 * whose `total` says so.
 *
 * @param upTo reads all spans instead, and leaves out the content of those beyond this many bytes.
 */
async function readSpanTexts(
  db: Database,
  projectId: string,
  traceIds: readonly string[],
  upTo?: number,
): Promise<SpanText[]> {
  const textBytes = sql`octet_length(input::text) + octet_length(output::text) + octet_length(metadata::text)
    + octet_length(model_parameters::text) + coalesce(octet_length(error), 0) + 200`;
  const isKept = upTo === undefined ? sql`total <= ${mostBytesAtOnce}` : sql`sofar <= ${upTo}`;
  const { rows } = await sql<SpanText>`
    select trace_id, total, cost_usd, span_id, parent_span_id, name, kind, status, model, started_at, started_ns, ended_at,
      case when ${isKept} then input::text else ${leftOut} end as input,
      case when ${isKept} then output::text else ${leftOut} end as output,
      case when ${isKept} then metadata::text end as metadata,
      case when ${isKept} then model_parameters::text end as model_parameters,
      case when ${isKept} then error end as error
    from (
      select *, sum(text_bytes) over (partition by trace_id) as total,
        sum(total_cost) filter (where json_typeof(cost) = 'object' or computed_cost is not null) over (partition by trace_id) as cost_usd,
        sum(text_bytes) over (partition by trace_id order by started_at, started_ns, span_id) as sofar,
        row_number() over (partition by trace_id order by started_at, started_ns, span_id) as nth
      from (
        select *, ${textBytes} as text_bytes from spans
        where project_id = ${projectId} and trace_id = any (${traceIds}::uuid[])
        offset 0 -- so that the bytes are computed once
      ) as span
    ) as span
    where ${upTo === undefined ? sql`total <= ${mostBytesAtOnce} or nth = 1` : sql`true`}
    order by trace_id, started_at, started_ns, span_id`.execute(db);
  return rows;
}

const leftOut = sql.lit(JSON.stringify("… [left out: the trace is too large] …"));

/** Concatenates text, so that nothing is parsed, and nothing copied more than once. */
function traceJson(trace: TraceText, spans: readonly SpanText[]): string {
  const { trace_id, name, status, tags, session_id, started_at, ended_at } = trace;
  const cost_usd = spans[0]?.cost_usd ?? null;
  const plain = JSON.stringify({ trace_id, name, status, tags, session_id, started_at, ended_at, cost_usd });
  return withTexts(plain, {
    input: trace.input,
    output: trace.output,
    metadata: trace.metadata ?? "{}",
    spans: `[${inOrder(spans).map(spanJson).join(",")}]`,
  });
}

function spanJson(span: SpanText): string {
  const { span_id, parent_span_id, name, kind, status, model, error, started_at, ended_at } = span;
  const plain = { span_id, parent_span_id, name, kind, status, model, error, started_at, ended_at };
  return withTexts(JSON.stringify(plain), {
    input: span.input,
    output: span.output,
    metadata: span.metadata ?? "{}",
    model_parameters: span.model_parameters,
  });
}

/** Adds properties that are JSON already to the JSON of an object. */
function withTexts(json: string, texts: Readonly<Record<string, string | null>>): string {
  const properties = Object.entries(texts).map(([key, text]) => `"${key}":${text ?? "null"}`);
  return `${json.slice(0, -1)},${properties.join(",")}}`;
}
