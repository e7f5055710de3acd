import type {
  EvalRunFilters,
  ListSessionScoresQuery,
  ListTraceScoresQuery,
  SessionEvalRunFilters,
} from "@pandaprobe/sdk";
import { didYouMean } from "./nearest.ts";
import { boundedNumber, durationMs, wholeNumber } from "./option-values.ts";
import { UsageError } from "./usage-error.ts";

/** How each kind of value is read from the command line. Only a `list` may be repeated. */
const readers = {
  text: (_place: string, text: string) => text,
  list: (_place: string, text: string) => text,
  date: (place: string, text: string) => {
    if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text))) return text;
    throw new UsageError(
      `${place} must be a date such as 2026-03-01 or 2026-03-01T09:30:00Z, not "${text}". For the last day, use --since 24h.`,
    );
  },
  status: (place: string, text: string) => oneOf(place, text.toUpperCase(), statuses),
  scoreStatus: (place: string, text: string) => oneOf(place, text.toUpperCase(), scoreStatuses),
  dataType: (place: string, text: string) => oneOf(place, text.toUpperCase(), dataTypes),
  source: (place: string, text: string) => oneOf(place, text.toUpperCase(), sources),
  preference: (place: string, text: string) => oneOf(place, text.toLowerCase(), preferences),
  share: (place: string, text: string) => boundedNumber(place, text, 0, 1),
  boolean: (place: string, text: string) => oneOf(place, text.toLowerCase(), ["true", "false"]) === "true",
  count: (place: string, text: string) => wholeNumber(place, text),
};

const statuses = ["PENDING", "RUNNING", "COMPLETED", "ERROR"] as const satisfies EvalRunFilters["status"][];

const scoreStatuses = ["SUCCESS", "FAILED", "PENDING"] as const satisfies ListTraceScoresQuery["status"][];
const dataTypes = [
  "NUMERIC",
  "BOOLEAN",
  "CATEGORICAL",
] as const satisfies ListTraceScoresQuery["data_type"][];
const sources = [
  "AUTOMATED",
  "ANNOTATION",
  "PROGRAMMATIC",
] as const satisfies ListTraceScoresQuery["source"][];
const preferences = ["person", "annotation"] as const satisfies ListTraceScoresQuery["prefer"][];

type Kind = keyof typeof readers;

/** Trace filters from the command line; missing ones are undefined. */
export type TraceFilters = { readonly [Name in keyof EvalRunFilters]: Exclude<EvalRunFilters[Name], null> };

/** All filters, typed so that a new one in the contract breaks the build here. */
const traceFilters: Readonly<Record<keyof EvalRunFilters, Kind>> = {
  date_from: "date",
  date_to: "date",
  status: "status",
  session_id: "text",
  user_id: "text",
  tags: "list",
  name: "text",
  environment: "text",
  release: "text",
};
const sessionFilters: Readonly<Record<keyof SessionEvalRunFilters, Kind>> = {
  date_from: "date",
  date_to: "date",
  user_id: "text",
  has_error: "boolean",
  tags: "list",
  environment: "text",
  release: "text",
  trace_name: "text",
  min_trace_count: "count",
};

/** Breaks a list of names for help texts. */
export function wrapped(names: string): string {
  return names.replace(/(.{50,72}?, )/g, "$1\n                              ").replaceAll(" \n", "\n");
}

/** The filters of lists of scores. */
export type TraceScoreFilters = Omit<ListTraceScoresQuery, "limit" | "offset">;
export type SessionScoreFilters = Omit<ListSessionScoresQuery, "limit" | "offset">;

const commonScoreFilters = {
  date_from: "date",
  date_to: "date",
  name: "text",
  status: "scoreStatus",
  source: "source",
  eval_run_id: "text",
  model: "text",
  author_user_id: "text",
  value_min: "share",
  value_max: "share",
  prefer: "preference",
  latest: "boolean",
  release: "text",
  environment: "text",
  tags: "list",
  user_id: "text",
  trace_name: "text",
} as const satisfies Partial<Record<keyof ListTraceScoresQuery, Kind>>;
const traceScoreFilters: Readonly<Record<keyof TraceScoreFilters, Kind>> = {
  trace_id: "text",
  trace_ids: "list",
  data_type: "dataType",
  ...commonScoreFilters,
};
const sessionScoreFilters: Readonly<Record<keyof SessionScoreFilters, Kind>> = {
  session_id: "text",
  session_ids: "list",
  ...commonScoreFilters,
};

/** The names of the filters, for people. */
export const filterNames = {
  trace: Object.keys(traceFilters).join(", "),
  session: Object.keys(sessionFilters).join(", "),
  "trace score": Object.keys(traceScoreFilters).join(", "),
  "session score": Object.keys(sessionScoreFilters).join(", "),
};

/**
 * Reads `name=value` filters of traces.
 *
 * @param option whose values they are.
 * @throws UsageError for an unknown name, or a value that cannot be used.
 */
export const readTraceFilters = (
  given: readonly string[],
  option: "filter" | "baseline" = "filter",
): TraceFilters => read("trace", traceFilters, given, option);

/** Reads `name=value` filters of sessions. @throws UsageError for an unknown name, or a value that cannot be used. */
export const readSessionFilters = (given: readonly string[]): SessionEvalRunFilters =>
  read("session", sessionFilters, given, "filter");

/** Reads `name=value` filters of trace scores. @throws UsageError for an unknown name, or a value that cannot be used. */
export const readTraceScoreFilters = (given: readonly string[]): TraceScoreFilters =>
  read("trace score", traceScoreFilters, given, "filter");

/** Reads `name=value` filters of session scores. @throws UsageError for an unknown name, or a value that cannot be used. */
export const readSessionScoreFilters = (given: readonly string[]): SessionScoreFilters =>
  read("session score", sessionScoreFilters, given, "filter");

/** The texts of `--filter`, including the one from `--since`. @throws UsageError if `--since` cannot be used. */
export function filterTexts({
  filter = [],
  since,
}: {
  readonly filter?: readonly string[] | undefined;
  readonly since?: string | undefined;
}): string[] {
  if (since === undefined) return [...filter];
  const from = Date.now() - durationMs("since", since);
  if (!(from > 0)) throw new UsageError(`--since ${since} is too long ago.`);
  return [...filter, `date_from=${new Date(from).toISOString()}`];
}

function read(
  target: keyof typeof filterNames,
  kinds: Readonly<Record<string, Kind>>,
  given: readonly string[],
  option: "filter" | "baseline",
) {
  const filters: Record<string, unknown> = {};
  for (const text of given) {
    const [, name = "", value = ""] = /^\s*([^=]*?)\s*=(.*)$/s.exec(text) ?? [];
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) {
      throw new UsageError(
        `--${option} must be name=value, and "${text}" is not a filter for ${target}s. Use one of: ${filterNames[target]}.${didYouMean(name || text, Object.keys(kinds))}`,
      );
    }
    if (value.trim() === "") {
      throw new UsageError(`--${option} ${name} has no value. Is a shell variable not set?`);
    }
    if (kind !== "list" && Object.hasOwn(filters, name))
      throw new UsageError(`--${option} ${name} is given twice.`);
    const read = readers[kind](`--${option} ${name}`, value);
    filters[name] = kind === "list" ? [...((filters[name] as string[] | undefined) ?? []), read] : read;
  }
  return filters;
}

function oneOf(place: string, text: string, known: readonly string[]): string {
  if (known.includes(text)) return text;
  throw new UsageError(
    `${place} must be one of ${known.join(", ")}, not "${text}".${didYouMean(text, known)}`,
  );
}
