import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { didYouMean } from "./nearest.ts";
import { UsageError } from "./usage-error.ts";

/** The options as written, not yet interpreted. */
export type Options = ReturnType<typeof parsed>["values"];

/** @throws UsageError for an unknown option, a word outside of options, or an option without its value. */
export function parseArguments(args: readonly string[]): Options {
  const { values, positionals } = parsed(args);
  const [stray] = positionals;
  if (stray !== undefined) {
    throw new UsageError(`Unexpected argument "${stray}". A value with spaces needs quotes.`);
  }
  for (const [option, value] of Object.entries(values)) {
    if ([value].flat().some((each) => typeof each === "string" && each.trim() === "")) {
      throw new UsageError(`--${option} has no value. Is a shell variable not set?`);
    }
  }
  return values;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: optionDefinitions, allowPositionals: true });
  } catch (error) {
    // Node.js's own message, without its hint at positional arguments.
    const message = (error as Error).message.replace(/\. To specify a positional .*/s, ".");
    throw new UsageError(message + suggestion(message, args));
  }
}

function suggestion(message: string, args: readonly string[]): string {
  const [, unknown] = /^Unknown option '(--?[^']+)'/.exec(message) ?? [];
  if (unknown === undefined) return "";
  // Node.js reads `-min` as `-m -i -n`, and names only the first of them.
  const written = args.find((each) => each.startsWith(unknown)) ?? unknown;
  const name = written.replace(/^-+/, "").replace(/=.*/s, "");
  return didYouMean(name, Object.keys(optionDefinitions), "--");
}

/** The options of `eval`, as `parseArgs` takes them; `help.ts` says what each means. */
export const optionDefinitions = {
  metrics: { type: "string", multiple: true },
  sessions: { type: "boolean" },
  trace: { type: "string", multiple: true },
  session: { type: "string", multiple: true },
  filter: { type: "string", multiple: true },
  since: { type: "string" },
  sample: { type: "string" },
  run: { type: "string" },
  model: { type: "string" },
  judges: { type: "string" },
  aggregate: { type: "string" },
  repeats: { type: "string" },
  threshold: { type: "string", multiple: true },
  fresh: { type: "boolean" },
  prefer: { type: "string" },
  name: { type: "string" },
  "max-cost-usd": { type: "string" },
  estimate: { type: "boolean" },
  min: { type: "string", multiple: true },
  "min-rate": { type: "string", multiple: true },
  "max-failed": { type: "string" },
  baseline: { type: "string", multiple: true },
  "pair-by": { type: "string" },
  timeout: { type: "string" },
  endpoint: { type: "string" },
  project: { type: "string" },
  json: { type: "boolean" },
  junit: { type: "string" },
  markdown: { type: "string" },
  worst: { type: "string" },
  quiet: { type: "boolean", short: "q" },
  "no-color": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const satisfies ParseArgsOptionsConfig;
