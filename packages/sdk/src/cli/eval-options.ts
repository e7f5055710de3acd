import type { ParseArgsOptionsConfig } from "node:util";
import { parseArguments } from "./parse-arguments.ts";

/** The options of `eval` as written, not yet interpreted. */
export type EvalOptions = ReturnType<typeof readEvalOptions>;

/** @throws UsageError for an unknown option, a word outside of options, or an option without its value. */
export function readEvalOptions(args: readonly string[]) {
  return parseArguments(args, evalOptionDefinitions);
}

/** In the form of `parseArgs`; `help.ts` says what each means. */
export const evalOptionDefinitions = {
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
