import type { EvalRunFilters, SessionEvalRunFilters } from "@pandaprobe/sdk";
import { didYouMean } from "./nearest.ts";
import { wholeNumber } from "./option-values.ts";
import { UsageError } from "./usage-error.ts";

/** How each kind of value is read from the command line. Only a `list` may be repeated. */
const readers = {
  text: (_name: string, text: string) => text,
  list: (_name: string, text: string) => text,
  date: (name: string, text: string) => {
    if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text))) return text;
    throw new UsageError(
      `--filter ${name} must be a date such as 2026-03-01 or 2026-03-01T09:30:00Z, not "${text}". For the last day, use --since 24h.`,
    );
  },
  status: (name: string, text: string) => oneOf(name, text.toUpperCase(), statuses),
  boolean: (name: string, text: string) => oneOf(name, text.toLowerCase(), ["true", "false"]) === "true",
  count: (name: string, text: string) => wholeNumber(`--filter ${name}`, text),
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

/** Reads `name=value` filters of traces. @throws UsageError for an unknown name, or a value that cannot be used. */
export const readTraceFilters = (given: readonly string[]): EvalRunFilters =>
  read("trace", traceFilters, given);

/** Reads `name=value` filters of sessions. @throws UsageError for an unknown name, or a value that cannot be used. */
export const readSessionFilters = (given: readonly string[]): SessionEvalRunFilters =>
  read("session", sessionFilters, given);

function read(target: "trace" | "session", kinds: Readonly<Record<string, Kind>>, given: readonly string[]) {
  const filters: Record<string, unknown> = {};
  for (const text of given) {
    const [, name = "", value = ""] = /^\s*([^=]*?)\s*=(.*)$/s.exec(text) ?? [];
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) {
      throw new UsageError(
        `--filter must be name=value, and "${text}" is not a filter for ${target}s. Use one of: ${filterNames[target]}.${didYouMean(name || text, Object.keys(kinds))}`,
      );
    }
    if (value.trim() === "") {
      throw new UsageError(`--filter ${name} has no value. Is a shell variable not set?`);
    }
    if (kind !== "list" && Object.hasOwn(filters, name))
      throw new UsageError(`--filter ${name} is given twice.`);
    const read = readers[kind](name, value);
    filters[name] = kind === "list" ? [...((filters[name] as string[] | undefined) ?? []), read] : read;
  }
  return filters;
}

function oneOf(name: string, text: string, known: readonly string[]): string {
  if (known.includes(text)) return text;
  throw new UsageError(
    `--filter ${name} must be one of ${known.join(", ")}, not "${text}".${didYouMean(text, known)}`,
  );
}
