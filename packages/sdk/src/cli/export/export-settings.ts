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
import { idOf } from "../option-values.ts";
import { parseArguments } from "../parse-arguments.ts";
import { UsageError } from "../usage-error.ts";

/** What to export. */
export type ExportSource =
  | { readonly kind: "traces"; readonly filters: TraceFilters; readonly run?: undefined }
  | { readonly kind: "scores"; readonly filters: TraceScoreFilters; readonly run?: undefined }
  | { readonly kind: "session-scores"; readonly filters: SessionScoreFilters; readonly run?: undefined }
  /** The traces and scores of a run. `kind` is `null`: both, the traces first. */
  | { readonly kind: ExportKind | null; readonly run: string };

/** In the order in which all of a run are written. */
export const exportKinds = ["traces", "scores", "session-scores"] as const;
export type ExportKind = (typeof exportKinds)[number];

export interface ExportSettings extends Connection {
  readonly source: ExportSource;
  readonly format: "jsonl" | "csv";
  /** `undefined`: standard output. */
  readonly file: string | undefined;
  /** Whether to continue what an earlier export left. */
  readonly isResumed: boolean;
  readonly isQuiet: boolean;
}

/** In the form of `parseArgs`; `help.ts` says what each means. */
export const exportOptionDefinitions = {
  traces: { type: "boolean" },
  scores: { type: "boolean" },
  "session-scores": { type: "boolean" },
  run: { type: "string" },
  filter: { type: "string", multiple: true },
  since: { type: "string" },
  format: { type: "string" },
  out: { type: "string" },
  resume: { type: "boolean" },
  endpoint: { type: "string" },
  project: { type: "string" },
  quiet: { type: "boolean", short: "q" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsOptionsConfig;

/** @returns `null` if only help is asked for. @throws UsageError for the first invalid option. */
export function exportSettings(args: readonly string[]): ExportSettings | null {
  const options = parseArguments(args, exportOptionDefinitions);
  if (options.help === true) return null;
  const [kind, ...others] = exportKinds.filter((each) => options[each] === true);
  if ((kind === undefined && options.run === undefined) || others.length > 0) {
    throw new UsageError("Choose what to export: one of --traces, --scores and --session-scores, or --run.");
  }
  const format = formatOf(options.format ?? "jsonl");
  const file = options.out === "-" ? undefined : options.out;
  if (kind === undefined && format === "csv") {
    throw new UsageError(
      "--format csv has one kind of row: with --run, add --traces, --scores or --session-scores.",
    );
  }
  if (options.resume === true && (file === undefined || format === "csv")) {
    throw new UsageError("--resume continues a JSONL file: name it with --out, and leave out --format csv.");
  }
  return {
    source:
      kind === undefined || options.run !== undefined
        ? ofRun(options, kind)
        : sourceOf(kind, filterTexts(options)),
    format,
    file,
    isResumed: options.resume ?? false,
    endpoint: options.endpoint,
    projectName: options.project,
    isQuiet: options.quiet ?? false,
  };
}

function ofRun(
  { run = "", filter, since }: { run?: string; filter?: readonly string[]; since?: string },
  kind: ExportKind | undefined,
): ExportSource {
  if (filter !== undefined || since !== undefined)
    throw new UsageError("--run exports all of a run: remove --filter and --since.");
  return { kind: kind ?? null, run: idOf("run", "a run", run) };
}

function sourceOf(kind: ExportKind, given: readonly string[]): ExportSource {
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
