import type { ParseArgsOptionsConfig } from "node:util";
import type { Connection } from "../connect.ts";
import { didYouMean } from "../nearest.ts";
import { wholeNumber } from "../option-values.ts";
import { parseWords } from "../parse-arguments.ts";
import { UsageError } from "../usage-error.ts";
import { type FormatName, formatNames } from "./formats/index.ts";

export interface ImportSettings extends Connection {
  /** `-` is standard input. */
  readonly files: readonly string[];
  /** `undefined`: each file's own first row decides. */
  readonly from: FormatName | undefined;
  readonly isDryRun: boolean;
  /** Whether the first row that cannot be imported ends the import. */
  readonly isStrict: boolean;
  /** How many requests may be in flight. */
  readonly concurrency: number;
  readonly isQuiet: boolean;
}

/** In the form of `parseArgs`; `help.ts` says what each means. */
export const importOptionDefinitions = {
  from: { type: "string" },
  "dry-run": { type: "boolean" },
  strict: { type: "boolean" },
  concurrency: { type: "string" },
  endpoint: { type: "string" },
  project: { type: "string" },
  quiet: { type: "boolean", short: "q" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsOptionsConfig;

const mostConcurrency = 16;

/** @returns `null` if only help is asked for. @throws UsageError for the first invalid option. */
export function importSettings(args: readonly string[]): ImportSettings | null {
  const { values: options, positionals: files } = parseWords(args, importOptionDefinitions);
  if (options.help === true) return null;
  if (files.length === 0)
    throw new UsageError("Choose what to import: one or more files, or - for standard input.");
  const concurrency = wholeNumber("--concurrency", options.concurrency ?? "4");
  if (concurrency < 1 || concurrency > mostConcurrency) {
    throw new UsageError(`--concurrency must be from 1 to ${mostConcurrency}, not "${options.concurrency}".`);
  }
  return {
    files,
    from: formatOf(options.from),
    isDryRun: options["dry-run"] ?? false,
    isStrict: options.strict ?? false,
    concurrency,
    endpoint: options.endpoint,
    projectName: options.project,
    isQuiet: options.quiet ?? false,
  };
}

function formatOf(text: string | undefined): FormatName | undefined {
  const known = formatNames.find((name) => name === text);
  if (text === undefined || known !== undefined) return known;
  throw new UsageError(
    `--from must be one of ${formatNames.join(", ")}, not "${text}".${didYouMean(text, formatNames)}`,
  );
}
