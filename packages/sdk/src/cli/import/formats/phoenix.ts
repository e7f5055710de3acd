import { parsed } from "@pandaprobe/contract/otel";
import type { TraceCreate } from "@pandaprobe/sdk";
import { type OtelSpan, type OtelTime, toSpanId, toTraceId, toTraces } from "@pandaprobe/sdk/otel";
import type { ImportedScore, OnWrong, PlacedRow, ScoreTarget } from "../imported.ts";
import { fieldOf, isRow, type Row, RowError, rowOf, rowsOf, textOf } from "../row.ts";
import { labelled, scoredValue } from "../scored-value.ts";
import { type ImportFormat, mapRows, type Placing } from "./import-format.ts";

/*
 * The rows that Phoenix's page, API, clients and command line export: spans with OpenInference's attributes, and
 * annotations. A data frame has dots in the names of columns instead of nested objects.
 */

export const phoenix: ImportFormat = {
  recognizes: (row) => isSpan(row) || isAnnotation(row) || isTrace(row),

  place(row): Placing[] {
    // The command line writes whole traces.
    if (isTrace(row)) return rowsOf(row, "spans").flatMap((span) => this.place(span));
    if (isSpan(row)) {
      const key = contextOf(row, "trace_id");
      return [
        { group: "traces", key, row },
        { group: "spans", key: contextOf(row, "span_id"), row: { trace_id: key } },
      ];
    }
    if (!isAnnotation(row)) throw new RowError("It is neither a span nor an annotation.");
    const [trace, span, session] = [
      textOf(row, "trace_id"),
      textOf(row, "span_id", "context.span_id"),
      textOf(row, "session_id"),
    ];
    if (trace !== undefined) return [{ group: "traces", key: hexOf(trace), row }];
    if (span !== undefined) return [{ group: "spans", key: hexOf(span), row }];
    if (session !== undefined) return [{ group: "sessions", key: session, row }];
    throw new RowError(
      "The annotation names no span, trace or session. In pandas, call reset_index() before to_json().",
    );
  },

  trace(key, rows, onWrong) {
    const trace_id = toTraceId(key);
    const spans = rows.filter(({ row }) => isSpan(row));
    const otel = mapRows(spans, onWrong, ({ row }) => otelSpanOf(row));
    const [first, ...others] = toTraces(otel);
    const trace: TraceCreate | null =
      first === undefined
        ? null
        : { ...first, spans: [first, ...others].flatMap(({ spans: some }) => some ?? []) };
    const annotations = rows.filter(({ row }) => !isSpan(row));
    return {
      place: (spans[0] ?? rows[0])?.place ?? "",
      trace,
      scores: [
        ...mapRows(annotations, onWrong, (placed) => scoreOf(placed, { trace_id })),
        ...spans.flatMap((placed) => attachedScores(placed, trace_id, onWrong)),
      ],
    };
  },

  spanScores(key, rows, onWrong) {
    const trace = rows
      .map(({ row }) => (isAnnotation(row) ? undefined : textOf(row, "trace_id")))
      .find(Boolean);
    const annotations = rows.filter(({ row }) => isAnnotation(row));
    return mapRows(annotations, onWrong, (placed) => {
      if (trace === undefined) {
        throw new RowError(
          `None of the files has the span ${key}: import them together with its annotations.`,
        );
      }
      return scoreOf(placed, { trace_id: toTraceId(trace), span_id: toSpanId(key) });
    });
  },

  sessionScores: (key, rows, onWrong) =>
    mapRows(rows, onWrong, (placed) => scoreOf(placed, { session_id: key })),
};

const isTrace = (row: Row): boolean => "traceId" in row && Array.isArray(row["spans"]);
const isSpan = (row: Row): boolean =>
  ("context.trace_id" in row || isRow(row["context"])) && "start_time" in row;
const isAnnotation = (row: Row): boolean => "annotator_kind" in row;

function contextOf(row: Row, name: "trace_id" | "span_id"): string {
  const id = textOf(row, `context.${name}`) ?? textOf(rowOf(row, "context"), name);
  if (id === undefined) throw new RowError(`It has no context.${name}.`);
  return hexOf(id);
}

/** Older versions wrote ids as UUIDs. */
function hexOf(id: string): string {
  const hex = id.replaceAll("-", "").toLowerCase();
  if (!/^(?:[\da-f]{16}|[\da-f]{32})$/.test(hex)) throw new RowError(`"${id}" is not an OpenTelemetry id.`);
  return hex;
}

const statusCodes = ["UNSET", "OK", "ERROR"];

function otelSpanOf(row: Row): OtelSpan {
  const traceId = contextOf(row, "trace_id");
  const spanId = contextOf(row, "span_id");
  const parent = textOf(row, "parent_id");
  const startTime = timeOf(row, "start_time");
  if (startTime === undefined) throw new RowError("The span has no start_time.");
  return {
    name: textOf(row, "name") ?? "span",
    spanContext: () => ({ traceId, spanId }),
    parentSpanContext: parent === undefined ? undefined : { spanId: hexOf(parent), isRemote: false },
    startTime,
    endTime: timeOf(row, "end_time") ?? startTime,
    status: {
      code: Math.max(0, statusCodes.indexOf(textOf(row, "status_code") ?? "")),
      message: textOf(row, "status_message"),
    },
    attributes: attributesOf(row),
    events: rowsOf(row, "events").map((event) => ({
      name: textOf(event, "name") ?? "event",
      time: timeOf(event, "timestamp") ?? startTime,
      attributes: rowOf(event, "attributes"),
    })),
  };
}

/** Attributes that are objects. Phoenix stores other objects as JSON text. */
const objects = ["metadata", "tool.parameters", "llm.prompt_template.variables"];
/** The column for annotations in the page's export. */
const annotationLists = ["annotations", "trace.annotations"] as const;

/** In the form of the instrumentation: flat, except for objects. */
function attributesOf(row: Row): Row {
  const flat: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row))
    if (name.startsWith("attributes.")) flatten(name.slice("attributes.".length), value, flat);
  for (const [name, value] of Object.entries(rowOf(row, "attributes"))) flatten(name, value, flat);
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(flat)) {
    const object = objects.find((each) => name.startsWith(`${each}.`));
    if (annotationLists.some((each) => name.startsWith(`${each}.`))) continue;
    if (object === undefined) attributes[name] = value;
    else nest(attributes, object, name.slice(object.length + 1), value);
  }
  const kind = textOf(row, "span_kind");
  return kind === undefined || kind === "UNKNOWN"
    ? attributes
    : { "openinference.span.kind": kind, ...attributes };
}

function flatten(name: string, value: unknown, into: Record<string, unknown>): void {
  if (value === null || value === undefined) return;
  const entries = isRow(value)
    ? Object.entries(value)
    : Array.isArray(value) && value.some(isRow)
      ? Object.entries(value)
      : undefined;
  if (entries === undefined) into[name] = value;
  else for (const [key, inner] of entries) flatten(`${name}.${key}`, inner, into);
}

function nest(into: Record<string, unknown>, name: string, path: string, value: unknown): void {
  const [key = "", ...rest] = path.split(".");
  const before = Object.hasOwn(into, name) ? into[name] : undefined;
  const inner: Record<string, unknown> = isRow(before) ? before : {};
  into[name] = inner;
  if (rest.length === 0) inner[key] = value;
  else nest(inner, key, rest.join("."), value);
}

/** RFC 3339 or, from pandas, milliseconds since 1970. */
function timeOf(row: Row, name: string): OtelTime | undefined {
  const value = fieldOf(row, name);
  if (value === undefined) return undefined;
  const ms = typeof value === "number" ? value : Date.parse(String(value));
  if (!Number.isFinite(ms)) throw new RowError(`${name} is not a time: ${String(value).slice(0, 50)}.`);
  const seconds = Math.floor(ms / 1000);
  const [, digits = ""] = typeof value === "string" ? (/\.(\d{1,9})/.exec(value) ?? []) : [];
  const nanoseconds = digits === "" ? Math.round((ms - seconds * 1000) * 1e6) : Number(digits.padEnd(9, "0"));
  return [seconds, nanoseconds];
}

/** The annotations that the page's export adds to the attributes of a span. */
function attachedScores({ place, row }: PlacedRow, trace_id: string, onWrong: OnWrong): ImportedScore[] {
  const attributes = rowOf(row, "attributes");
  const span_id = toSpanId(contextOf(row, "span_id"));
  const targets = { annotations: { trace_id, span_id }, "trace.annotations": { trace_id } };
  return annotationLists.flatMap((list) => {
    const found = new Map<string, Record<string, unknown>>();
    for (const [name, value] of Object.entries(attributes)) {
      const [, index, field] = new RegExp(`^${list}\\.(\\d+)\\.annotation\\.(\\w+)$`).exec(name) ?? [];
      if (index === undefined || field === undefined) continue;
      found.set(index, { ...found.get(index), [field]: value });
    }
    const rows = [...found.values()].map((annotation) => ({ place, row: annotation }));
    return mapRows(rows, onWrong, (placed) => scoreOf(placed, targets[list]));
  });
}

function scoreOf({ place, row }: PlacedRow, target: ScoreTarget): ImportedScore {
  const name = textOf(row, "name", "annotation_name");
  if (name === undefined) throw new RowError("The annotation has no name.");
  const result = rowOf(row, "result");
  const said = (field: string) => fieldOf(row, field, `result.${field}`) ?? fieldOf(result, field);
  const [score, label, explanation] = [said("score"), said("label"), said("explanation")];
  const isNote = score === undefined && label === undefined && explanation !== undefined;
  const { metadata, ...value } = isNote ? labelled("note", {}) : scoredValue(score, label);
  const identifier = textOf(row, "identifier");
  const own = parsed(row["metadata"]);
  return {
    place,
    target,
    origin: {
      from: "phoenix",
      // The page's export has no ids, but a name and an identifier occur together only once.
      id: textOf(row, "id") ?? [...Object.values(target), name, identifier ?? ""].join(" "),
      source: textOf(row, "annotator_kind"),
      created_at: textOf(row, "created_at"),
    },
    body: {
      name,
      ...value,
      source: textOf(row, "annotator_kind") === "HUMAN" ? "ANNOTATION" : "PROGRAMMATIC",
      reason: typeof explanation === "string" ? explanation : undefined,
      author_user_id: textOf(row, "user_id"),
      metadata: {
        ...(isRow(own) ? own : {}),
        ...(identifier === undefined ? {} : { identifier }),
        ...metadata,
      },
    },
  };
}
