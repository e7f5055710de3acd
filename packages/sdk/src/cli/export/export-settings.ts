import type { ParseArgsOptionsConfig } from "node:util";
import type { Connection } from "../connect.ts";
import {
  filterTexts,
  readSessionScoreFilters,
  readTraceFilters,
  readTraceScoreFilters,
  type SessionScoreFilters,
  type TraceFilters,
  type TraceScoreFilters,
} from "../filters.ts";
import { didYouMean } from "../nearest.ts";
import { parseArguments } from "../parse-arguments.ts";
import { UsageError } from "../usage-error.ts";

/** What to export. */
export type ExportSource =
  | { readonly kind: "traces"; readonly filters: TraceFilters }
  | { readonly kind: "scores"; readonly filters: TraceScoreFilters }
  | { readonly kind: "session-scores"; readonly filters: SessionScoreFilters };

export interface ExportSettings extends Connection {
  readonly source: ExportSource;
  readonly format: "jsonl" | "csv";
  /** `undefined`: standard output. */
  readonly file: string | undefined;
  readonly isQuiet: boolean;
}

/** In the form of `parseArgs`; `help.ts` says what each means. */
export const exportOptionDefinitions = {
  traces: { type: "boolean" },
  scores: { type: "boolean" },
  "session-scores": { type: "boolean" },
  filter: { type: "string", multiple: true },
  since: { type: "string" },
  format: { type: "string" },
  out: { type: "string" },
  endpoint: { type: "string" },
  project: { type: "string" },
  quiet: { type: "boolean", short: "q" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsOptionsConfig;

const kinds = ["traces", "scores", "session-scores"] as const;

/** @returns `null` if only help is asked for. @throws UsageError for the first invalid option. */
export function exportSettings(args: readonly string[]): ExportSettings | null {
  const options = parseArguments(args, exportOptionDefinitions);
  if (options.help === true) return null;
  const [kind, ...others] = kinds.filter((each) => options[each] === true);
  if (kind === undefined || others.length > 0) {
    throw new UsageError("Choose what to export: one of --traces, --scores and --session-scores.");
  }
  const { out } = options;
  return {
    source: sourceOf(kind, filterTexts(options)),
    format: formatOf(options.format ?? "jsonl"),
    file: out === "-" ? undefined : out,
    endpoint: options.endpoint,
    projectName: options.project,
    isQuiet: options.quiet ?? false,
  };
}

function sourceOf(kind: ExportSource["kind"], given: readonly string[]): ExportSource {
  switch (kind) {
    case "traces":
      return { kind, filters: readTraceFilters(given) };
    case "scores":
      return { kind, filters: readTraceScoreFilters(given) };
    case "session-scores":
      return { kind, filters: readSessionScoreFilters(given) };
  }
}

function formatOf(text: string): ExportSettings["format"] {
  if (text === "jsonl" || text === "csv") return text;
  throw new UsageError(`--format must be jsonl or csv, not "${text}".${didYouMean(text, ["jsonl", "csv"])}`);
}
