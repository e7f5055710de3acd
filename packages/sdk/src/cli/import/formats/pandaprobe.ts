import type { SpanCreate, TraceCreate } from "@pandaprobe/sdk";
import type { ImportedScore, PlacedRow, ScoreBody, ScoreTarget } from "../imported.ts";
import { type Row, RowError, requiredText, rowOf, rowsOf, textOf } from "../row.ts";
import { type ImportFormat, mapRows, type Placing } from "./import-format.ts";

/** The rows that `pandaprobe export` writes. */
export const pandaprobe: ImportFormat = {
  recognizes: (row) => isTrace(row) || isScore(row),

  place(row): Placing[] {
    if (isTrace(row)) return [{ group: "traces", key: requiredText(row, "trace_id"), row }];
    if (!isScore(row)) throw new RowError("It is neither a trace nor a score.");
    // It failed.
    if (textOf(row, "value") === undefined) return [];
    const session = textOf(row, "session_id");
    return session === undefined
      ? [{ group: "traces", key: requiredText(row, "trace_id"), row }]
      : [{ group: "sessions", key: session, row }];
  },

  trace(key, rows, onWrong) {
    const traces = rows.filter(({ row }) => isTrace(row));
    const [built] = mapRows(traces.slice(-1), onWrong, ({ row }) => traceOf(row));
    const scores = mapRows(
      rows.filter(({ row }) => !isTrace(row)),
      onWrong,
      (placed) => scoreOf(placed, { trace_id: key }),
    );
    return { place: (traces.at(-1) ?? rows[0])?.place ?? "", trace: built ?? null, scores };
  },

  spanScores: () => [],

  sessionScores: (key, rows, onWrong) =>
    mapRows(rows, onWrong, (placed) => scoreOf(placed, { session_id: key })),
};

const isTrace = (row: Row): boolean =>
  "trace_id" in row && Array.isArray(row["spans"]) && "started_at" in row;
const isScore = (row: Row): boolean => "eval_run_id" in row && "data_type" in row;

/** Typed so that a new field of the contract breaks the build here. */
const traceFields: Readonly<Record<keyof TraceCreate, true>> = {
  trace_id: true,
  name: true,
  status: true,
  input: true,
  output: true,
  metadata: true,
  started_at: true,
  ended_at: true,
  session_id: true,
  user_id: true,
  tags: true,
  environment: true,
  release: true,
  spans: true,
};
const spanFields: Readonly<Record<keyof SpanCreate, true>> = {
  span_id: true,
  parent_span_id: true,
  name: true,
  kind: true,
  status: true,
  input: true,
  output: true,
  model: true,
  token_usage: true,
  metadata: true,
  started_at: true,
  ended_at: true,
  error: true,
  completion_start_time: true,
  model_parameters: true,
  cost: true,
};

/** The server checks the fields. */
function traceOf(row: Row): TraceCreate {
  const spans = rowsOf(row, "spans").map((span) => only(spanFields, span));
  let place = 0;
  let last: unknown;
  for (const span of spans) {
    const { started_at } = span;
    place = started_at === last ? place + 1 : 0;
    last = started_at;
    // Responses have milliseconds. Nanoseconds keep the order of spans that began in the same millisecond.
    if (place > 0 && place < 1e6 && typeof started_at === "string")
      span["started_at"] = started_at.replace(/Z$/, `${String(place).padStart(6, "0")}Z`);
  }
  return { ...only(traceFields, row), spans } as unknown as TraceCreate;
}

/** Without empty fields, which an existing trace keeps. */
function only(fields: Readonly<Record<string, true>>, row: Row): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).filter(([name, value]) => Object.hasOwn(fields, name) && value !== null),
  );
}

function scoreOf({ place, row }: PlacedRow, target: ScoreTarget): ImportedScore {
  const { source, created_at } = row;
  const metadata = rowOf(row, "metadata");
  // A score that is moved twice still says where it came from first.
  const before = rowOf(metadata, "imported");
  const [from, id] = [textOf(before, "from"), textOf(before, "id")];
  return {
    place,
    target,
    origin:
      from === undefined || id === undefined
        ? { from: "pandaprobe", id: requiredText(row, "id"), source, created_at }
        : { ...before, from, id },
    body: {
      name: requiredText(row, "name"),
      value: requiredText(row, "value"),
      data_type: row["data_type"] as ScoreBody["data_type"],
      source: source === "ANNOTATION" ? "ANNOTATION" : "PROGRAMMATIC",
      reason: textOf(row, "reason"),
      author_user_id: textOf(row, "author_user_id"),
      metadata,
    },
  };
}
