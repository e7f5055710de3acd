import type { TraceResponse } from "@pandaprobe/contract";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { storedBytes } from "../../db/stored-bytes.ts";
import { groups, pieceBytes } from "../pieces.ts";
import { readSpans, spansOf } from "./read-spans.ts";
import { readTraces, spanTotals, traceFields } from "./read-traces.ts";
import { spanBytes } from "./trace-sizes.ts";

/** Traces in the order of their ids: whole if they are small, otherwise as JSON text in pieces. */
export type Traces =
  | { readonly whole: TraceResponse[] }
  | { readonly texts: AsyncGenerator<string, void, undefined> };

/** The existing traces with these ids, with their spans. Needs little memory, however large they are. */
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

/** The size of each trace with its spans, estimated without reading them. */
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

/** Several small traces at once, or one that may be large. Traces deleted meanwhile are left out. */
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
  const planned = await spansOf(db, projectId, first);
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
