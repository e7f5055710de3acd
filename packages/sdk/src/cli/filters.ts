import type { EvalRunFilters, SessionEvalRunFilters } from "@pandaprobe/sdk";
import { didYouMean } from "./nearest.ts";
import { wholeNumber } from "./option-values.ts";
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
  boolean: (place: string, text: string) => oneOf(place, text.toLowerCase(), ["true", "false"]) === "true",
  count: (place: string, text: string) => wholeNumber(place, text),
};

const statuses = ["PENDING", "RUNNING", "COMPLETED", "ERROR"] as const satisfies EvalRunFilters["status"][];

type Kind = keyof typeof readers;

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

/** The names of the filters, for people. */
export const filterNames = {
  trace: Object.keys(traceFilters).join(", "),
  session: Object.keys(sessionFilters).join(", "),
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
): EvalRunFilters => read("trace", traceFilters, given, option);

/** Reads `name=value` filters of sessions. @throws UsageError for an unknown name, or a value that cannot be used. */
export const readSessionFilters = (given: readonly string[]): SessionEvalRunFilters =>
  read("session", sessionFilters, given, "filter");

function read(
  target: "trace" | "session",
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
