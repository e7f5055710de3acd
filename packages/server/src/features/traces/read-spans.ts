import type { SpanPage, SpanResponse } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { type SqlBool, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { groups } from "../pieces.ts";
import { inOrder, isUnpricedSpan, orderColumns, totalColumns } from "./read-traces.ts";
import { spanResponse } from "./span-response.ts";
import { spanBytes } from "./trace-sizes.ts";

/** The largest page of spans, in bytes. A page is answered at once, and a single span may have ten megabytes. */
const pageBytes = 4_000_000;

interface PlannedSpan {
  readonly span_id: string;
  readonly bytes: number;
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
  const spans = await spansOf(db, projectId, traceId);
  const last = cursor === undefined ? -1 : spans.findIndex(({ span_id }) => span_id === cursor);
  if (cursor !== undefined && last === -1) throw notFound("span", cursor);
  const planned = spans.slice(last + 1, last + 2 + limit);
  const [page = []] = groups(planned.slice(0, limit), ({ bytes }) => bytes, pageBytes);
  const next_cursor = page.length < planned.length ? (page.at(-1)?.span_id ?? null) : null;
  return { items: await readSpans(db, projectId, traceId, page), next_cursor };
}

/** A trace's spans in order, without their content, but with their sizes, to plan reading them. */
export async function spansOf(db: Database, projectId: string, traceId: string) {
  const spans = await db
    .selectFrom("spans")
    .select([...orderColumns, ...totalColumns, isUnpricedSpan.as("is_unpriced"), spanBytes.as("bytes")])
    .where("project_id", "=", projectId)
    .where("trace_id", "=", traceId)
    .execute();
  return inOrder(spans);
}

/** Reads planned spans in order. Spans deleted since are left out. */
export async function readSpans(
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
