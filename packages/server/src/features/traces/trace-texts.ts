import type { SpanPage, SpanResponse, TraceResponse } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { type SqlBool, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { storedBytes } from "../../db/stored-bytes.ts";
import { groups, pieceBytes } from "../pieces.ts";
import { readTraces, spanTotals, traceFields } from "./read-traces.ts";
import { spanResponse } from "./span-row.ts";
import { spanBytes } from "./trace-sizes.ts";

/** The most of a page of spans: that page is answered at once, and a span alone may have ten megabytes. */
const pageBytes = 4_000_000;

/** A span as a list of them is planned by: what it is, and how large. */
interface PlannedSpan {
  readonly span_id: string;
  readonly bytes: number;
}

/** Traces in the order of their ids: whole where they are small, else as the JSON of each, piece by piece. */
export type Traces =
  | { readonly whole: TraceResponse[] }
  | { readonly texts: AsyncGenerator<string, void, undefined> };

/** The traces of these ids that exist, with their spans, in little memory however large they are. */
export async function tracesInPieces(
  db: Database,
  projectId: string,
  traceIds: readonly string[],
): Promise<Traces> {
  const sizes = await traceSizes(db, projectId, traceIds);
  const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  if (total <= pieceBytes) return { whole: await readTraces(db, projectId, [...traceIds]) };
  return {
    texts: traceTexts(
      db,
      projectId,
      groups(traceIds, (id) => sizes.get(id) ?? 0, pieceBytes),
    ),
  };
}

/** One page of a trace's spans, in the order they started. @throws ProblemError `not_found` */
export async function listSpans(
  db: Database,
  projectId: string,
  traceId: string,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<SpanPage> {
  const trace = await db
    .selectFrom("traces")
    .select("trace_id")
    .where("project_id", "=", projectId)
    .where("trace_id", "=", traceId)
    .executeTakeFirst();
  if (trace === undefined) throw notFound("trace", traceId);
  const last = cursor === undefined ? undefined : await spanAt(db, projectId, traceId, cursor);
  const planned = await spansOf(db, projectId, traceId)
    .$if(last !== undefined, (spans) =>
      spans.where(
        sql<SqlBool>`(started_at, seq) > (${last?.started_at ?? ""}::timestamptz, ${last?.seq ?? 0})`,
      ),
    )
    .limit(limit + 1)
    .execute();
  const [page = []] = groups(planned.slice(0, limit), ({ bytes }) => bytes, pageBytes);
  const next_cursor = page.length < planned.length ? (page.at(-1)?.span_id ?? null) : null;
  return { items: await readSpans(db, projectId, traceId, page), next_cursor };
}

async function spanAt(db: Database, projectId: string, traceId: string, spanId: string) {
  const span = await db
    .selectFrom("spans")
    .select(["started_at", "seq"])
    .where("project_id", "=", projectId)
    .where("trace_id", "=", traceId)
    .where("span_id", "=", spanId)
    .executeTakeFirst();
  if (span === undefined) throw notFound("span", spanId);
  return span;
}

/** How large each trace is with its spans, estimated without reading them. */
async function traceSizes(
  db: Database,
  projectId: string,
  traceIds: readonly string[],
): Promise<Map<string, number>> {
  if (traceIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("traces")
    .select((trace) => [
      "trace_id",
      sql<number>`${storedBytes("traces.input")} + ${storedBytes("traces.output")} + ${storedBytes("traces.metadata")}
        + coalesce(${trace
          .selectFrom("spans")
          .select(sql<number>`sum(${spanBytes})`.as("bytes"))
          .whereRef("spans.project_id", "=", "traces.project_id")
          .whereRef("spans.trace_id", "=", "traces.trace_id")}, 0)`.as("bytes"),
    ])
    .where("project_id", "=", projectId)
    .where("trace_id", "in", traceIds)
    .execute();
  return new Map(rows.map(({ trace_id, bytes }) => [trace_id, bytes]));
}

/** The JSON of traces, with commas between them. */
async function* traceTexts(
  db: Database,
  projectId: string,
  pieces: readonly (readonly string[])[],
): AsyncGenerator<string, void, undefined> {
  let isFirst = true;
  for (const ids of pieces) {
    for await (const text of pieceTexts(db, projectId, ids)) {
      yield text.isNew && !isFirst ? `,${text.json}` : text.json;
      isFirst = false;
    }
  }
}

/** Several small traces at once, or one that may be large. What was deleted meanwhile is left out. */
async function* pieceTexts(
  db: Database,
  projectId: string,
  ids: readonly string[],
): AsyncGenerator<{ readonly json: string; readonly isNew: boolean }, void, undefined> {
  const [first = "", ...others] = ids;
  if (others.length > 0) {
    for (const trace of await readTraces(db, projectId, [...ids])) {
      yield { json: JSON.stringify(trace), isNew: true };
    }
    return;
  }
  const trace = await db
    .selectFrom("traces")
    .selectAll()
    .where("project_id", "=", projectId)
    .where("trace_id", "=", first)
    .executeTakeFirst();
  if (trace === undefined) return;
  const planned = await spansOf(db, projectId, first).select(["total_tokens", "total_cost"]).execute();
  const head = JSON.stringify({ ...traceFields(trace), ...spanTotals(planned) });
  yield { json: `${head.slice(0, -1)},"spans":[`, isNew: true };
  let separator = "";
  for (const piece of groups(planned, ({ bytes }) => bytes, pieceBytes)) {
    const spans = await readSpans(db, projectId, first, piece);
    if (spans.length === 0) continue;
    yield { json: separator + spans.map((span) => JSON.stringify(span)).join(","), isNew: false };
    separator = ",";
  }
  yield { json: "]}", isNew: false };
}

function spansOf(db: Database, projectId: string, traceId: string) {
  return db
    .selectFrom("spans")
    .select(["span_id", spanBytes.as("bytes")])
    .where("project_id", "=", projectId)
    .where("trace_id", "=", traceId)
    .orderBy("started_at")
    .orderBy("seq");
}

async function readSpans(
  db: Database,
  projectId: string,
  traceId: string,
  planned: readonly PlannedSpan[],
): Promise<SpanResponse[]> {
  const ids = planned.map(({ span_id }) => span_id);
  const rows = await db
    .selectFrom("spans")
    .selectAll()
    .where("project_id", "=", projectId)
    .where("trace_id", "=", traceId)
    .where(sql<SqlBool>`span_id = any(${ids}::uuid[])`)
    .execute();
  const found = new Map(rows.map((row) => [row.span_id, row]));
  return ids.flatMap((id) => {
    const row = found.get(id);
    return row === undefined ? [] : [spanResponse(row)];
  });
}
