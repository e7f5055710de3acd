import { limitedText, parsed } from "@pandaprobe/contract/otel";
import type { SpanCreate, TraceCreate } from "@pandaprobe/sdk";
import { spanIdOf, uuidOf } from "../ids.ts";
import type { ImportedScore, PlacedRow, ScoreTarget } from "../imported.ts";
import { fieldOf, isRow, type Row, RowError, requiredText, rowOf, rowsOf, textOf, textsOf } from "../row.ts";
import { labelled, scoredValue } from "../scored-value.ts";
import { type ImportFormat, mapRows, type Placing } from "./import-format.ts";

/*
 * The rows of Langfuse's blob storage export, its API and its tables: traces, observations and scores. The export names
 * fields with underscores, the API in camel case. Fields: Langfuse's "Blob storage export field reference", and the
 * types of `@langfuse/core` 5.
 */

export const langfuse: ImportFormat = {
  recognizes: (row) => isScore(row) || isObservation(row) || isTrace(row),

  place(row): Placing[] {
    if (isScore(row)) {
      const { traceId, sessionId } = subjectOf(row);
      if (traceId !== undefined) return [{ group: "traces", key: traceId, row }];
      if (sessionId !== undefined) return [{ group: "sessions", key: sessionId, row }];
      throw new RowError("The score belongs neither to a trace nor to a session.");
    }
    if (isObservation(row)) return [{ group: "traces", key: requiredText(row, "trace_id", "traceId"), row }];
    if (!isTrace(row)) throw new RowError("It is neither a trace nor an observation nor a score.");
    const key = requiredText(row, "id");
    // The API gives a trace with its observations and scores, or with their ids.
    return [row, ...rowsOf(row, "observations"), ...rowsOf(row, "scores")].map((part) => ({
      group: "traces",
      key,
      row: part,
    }));
  },

  trace(key, rows, onWrong) {
    const trace_id = uuidOf("trace", key);
    const scores = rows.filter(({ row }) => isScore(row));
    const observations = rows.filter(({ row }) => !isScore(row) && isObservation(row));
    const [about] = rows.filter(({ row }) => !isScore(row) && !isObservation(row));
    const read = mapRows(observations, onWrong, ({ row }) => ({ row, span: spanOf(row, trace_id) }));
    // Both files of observations in the export may contain it.
    const spans = [...new Map(read.map((each) => [each.span.span_id, each])).values()];
    return {
      place: (about ?? observations[0] ?? rows[0])?.place ?? "",
      trace: about === undefined && spans.length === 0 ? null : traceOf(key, trace_id, about?.row, spans),
      scores: mapRows(scores, onWrong, (placed) => scoreOf(placed, targetOf(placed.row, trace_id))),
    };
  },

  spanScores: () => [],

  sessionScores: (key, rows, onWrong) =>
    mapRows(rows, onWrong, (placed) => scoreOf(placed, { session_id: key })),
};

const isObservation = (row: Row): boolean =>
  fieldOf(row, "trace_id", "traceId") !== undefined && fieldOf(row, "start_time", "startTime") !== undefined;
const isScore = (row: Row): boolean =>
  !isObservation(row) && fieldOf(row, "data_type", "dataType") !== undefined && "name" in row;
const isTrace = (row: Row): boolean => "id" in row && "timestamp" in row;

interface ObservedSpan {
  readonly row: Row;
  readonly span: SpanCreate;
}

/** @param about the row of the trace. Newer exports have none; each observation has its fields instead. */
function traceOf(
  id: string,
  trace_id: string,
  about: Row | undefined,
  spans: readonly ObservedSpan[],
): TraceCreate {
  const ids = new Set(spans.map(({ span }) => span.span_id));
  const inOrder = spans.toSorted((a, b) => byTime(a.span.started_at, b.span.started_at));
  const roots = inOrder.filter(({ span }) => !ids.has(span.parent_span_id ?? undefined));
  const root = roots[0] ?? inOrder[0];
  const rows = [about ?? [], root?.row ?? [], inOrder.map(({ row }) => row)].flat();
  const said = (...names: readonly string[]) =>
    rows.map((row) => textOf(row, ...names)).find((text) => text !== undefined);
  const own = about ?? {};
  const ends = spans.map(({ span }) => span.ended_at ?? span.started_at).sort(byTime);
  const started_at = timeOf(own, "timestamp") ?? root?.span.started_at;
  if (started_at === undefined) throw new RowError("The trace has no time.");
  const name = textOf(own, "name") ?? said("trace_name", "traceName") ?? root?.span.name ?? "trace";
  return {
    trace_id,
    name: limitedText(name, 512),
    status: roots.some(({ span }) => span.status === "ERROR") ? "ERROR" : "COMPLETED",
    started_at,
    ended_at: ends.at(-1),
    input: contentOf(own, "input") ?? root?.span.input,
    output: contentOf(own, "output") ?? root?.span.output,
    session_id: limited(said("session_id", "sessionId")),
    user_id: limited(said("user_id", "userId")),
    environment: limited(said("environment")),
    release: limited(said("release")),
    tags: [...new Set(rows.flatMap((row) => textsOf(row, "tags")))].map((tag) => limitedText(tag, 255)),
    metadata: {
      ...metadataOf(own),
      ...given(own, ["version"]),
      ...(trace_id.replaceAll("-", "") === id.replaceAll("-", "").toLowerCase() ? {} : { langfuse_id: id }),
    },
    spans: spans.map(({ span }) => span),
  };
}

/** By milliseconds, then by the remaining digits. */
function byTime(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b) || (a < b ? -1 : 1);
}

const kinds: Readonly<Record<string, SpanCreate["kind"]>> = {
  GENERATION: "LLM",
  AGENT: "AGENT",
  TOOL: "TOOL",
  CHAIN: "CHAIN",
  RETRIEVER: "RETRIEVER",
  EMBEDDING: "EMBEDDING",
};

function spanOf(row: Row, trace_id: string): SpanCreate {
  const started_at = timeOf(row, "start_time", "startTime");
  if (started_at === undefined) throw new RowError("The observation has no start_time.");
  const parent = textOf(row, "parent_observation_id", "parentObservationId");
  const type = textOf(row, "type") ?? "SPAN";
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  const level = textOf(row, "level") ?? "DEFAULT";
  const message = textOf(row, "status_message", "statusMessage");
  const failed = level === "ERROR";
  return {
    span_id: spanIdOf(trace_id, requiredText(row, "id")),
    parent_span_id: parent === undefined ? null : spanIdOf(trace_id, parent),
    name: limitedText(textOf(row, "name") ?? type.toLowerCase(), 512),
    kind: kind ?? "OTHER",
    status: failed ? "ERROR" : "OK",
    started_at,
    ended_at: timeOf(row, "end_time", "endTime") ?? (type === "EVENT" ? started_at : undefined),
    completion_start_time: timeOf(row, "completion_start_time", "completionStartTime"),
    input: contentOf(row, "input"),
    output: contentOf(row, "output"),
    error: failed ? (message ?? "error") : undefined,
    model: limited(textOf(row, "provided_model_name", "model", "providedModelName")),
    model_parameters: parametersOf(row),
    token_usage: renamed(rowOf(row, "usage_details", "usageDetails"), tokenNames),
    cost: costOf(row),
    metadata: {
      ...metadataOf(row),
      ...(failed || message === undefined ? {} : { status_message: message }),
      ...(level === "DEFAULT" || failed ? {} : { level }),
      ...(kind === undefined && type !== "SPAN" ? { type } : {}),
      ...given(row, ["version", "prompt_name", "promptName", "prompt_version", "promptVersion"]),
    },
  };
}

const tokenNames = { input: "prompt_tokens", output: "completion_tokens", total: "total_tokens" };
const costNames = { input: "prompt", output: "completion" };

/** The numbers under our names; undefined if there are none. */
function renamed(numbers: Row, names: Readonly<Record<string, string>>): Record<string, number> | undefined {
  const found = Object.entries(numbers).flatMap(([name, value]): [string, number][] => {
    const number = typeof value === "string" ? Number(value) : value;
    return typeof number === "number" && Number.isFinite(number) ? [[names[name] ?? name, number]] : [];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function costOf(row: Row): Record<string, number> | undefined {
  const parts = renamed(rowOf(row, "cost_details", "costDetails"), costNames) ?? {};
  const total = renamed({ total: fieldOf(row, "total_cost", "totalCost", "calculatedTotalCost") }, {});
  const cost = { ...total, ...parts };
  return Object.keys(cost).length === 0 ? undefined : cost;
}

/** With the declared tools, which the export has as a schema for each name. */
function parametersOf(row: Row): Record<string, unknown> | undefined {
  const declared = Object.entries(rowOf(row, "tool_definitions", "toolDefinitions")).map(([name, text]) => {
    const schema = parsed(text);
    return { type: "function", function: { name, ...(isRow(schema) ? schema : {}) } };
  });
  const parameters = {
    ...rowOf(row, "model_parameters", "modelParameters"),
    ...(declared.length === 0 ? {} : { tools: declared }),
  };
  return Object.keys(parameters).length === 0 ? undefined : parameters;
}

/** A text in the export may be JSON. */
function contentOf(row: Row, name: string): unknown {
  return parsed(fieldOf(row, name));
}

function metadataOf(row: Row): Row {
  const value = parsed(fieldOf(row, "metadata"));
  return value === undefined ? {} : isRow(value) ? value : { metadata: value };
}

/** Fields without a counterpart, with underscores. */
function given(row: Row, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names
      .map((name) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), fieldOf(row, name)])
      .filter(([, value]) => value !== undefined),
  );
}

/** The export writes times in UTC without saying so: `2024-05-29 13:46:19.963000`. */
function timeOf(row: Row, ...names: readonly string[]): string | undefined {
  const text = textOf(row, ...names);
  return text?.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)$/, "$1T$2Z");
}

function limited(text: string | undefined): string | undefined {
  return text === undefined ? undefined : limitedText(text, 255);
}

/** The target of a score: `subject` in version 3 of the API, separate fields before. */
function subjectOf(row: Row) {
  const subject = rowOf(row, "subject");
  const kind = textOf(subject, "kind", "type");
  const id = textOf(subject, "id");
  return {
    traceId:
      textOf(row, "trace_id", "traceId") ?? textOf(subject, "traceId") ?? (kind === "trace" ? id : undefined),
    observationId:
      textOf(row, "observation_id", "observationId") ?? (kind === "observation" ? id : undefined),
    sessionId: textOf(row, "session_id", "sessionId") ?? (kind === "session" ? id : undefined),
  };
}

function targetOf(row: Row, trace_id: string): ScoreTarget {
  const { observationId } = subjectOf(row);
  return observationId === undefined
    ? { trace_id }
    : { trace_id, span_id: spanIdOf(trace_id, observationId) };
}

function scoreOf({ place, row }: PlacedRow, target: ScoreTarget): ImportedScore {
  const source = textOf(row, "source");
  const { metadata, ...value } = valueIn(row);
  return {
    place,
    target,
    origin: { from: "langfuse", id: requiredText(row, "id"), source, created_at: timeOf(row, "timestamp") },
    body: {
      name: limitedText(requiredText(row, "name"), 255),
      ...value,
      source: source === "ANNOTATION" ? "ANNOTATION" : "PROGRAMMATIC",
      reason: textOf(row, "comment"),
      author_user_id: limited(textOf(row, "author_user_id", "authorUserId")),
      metadata: { ...metadataOf(row), ...metadata },
    },
  };
}

function valueIn(row: Row) {
  const value = row["value"];
  const text = textOf(row, "string_value", "stringValue") ?? (typeof value === "string" ? value : undefined);
  switch (textOf(row, "data_type", "dataType")) {
    case "BOOLEAN":
      return scoredValue(
        typeof value === "boolean" ? value : /^true$/i.test(text ?? "") || value === 1,
        text,
      );
    case "NUMERIC":
      return scoredValue(value, undefined);
    default:
      if (text === undefined) throw new RowError("The score has no value.");
      return labelled(text, {});
  }
}
