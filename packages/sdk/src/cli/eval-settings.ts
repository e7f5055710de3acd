import type { ScorePreference } from "@pandaprobe/sdk";
import { type Baseline, readBaseline } from "./baseline.ts";
import type { EvalOptions } from "./eval-options.ts";
import { durationMs, metricNumbers, wholeNumber } from "./option-values.ts";
import { type RunSource, runSource } from "./run-source.ts";
import { metricsWithThreshold, type Thresholds } from "./thresholds.ts";
import { UsageError } from "./usage-error.ts";

/** The options of the command line, read and checked. */
export interface EvalSettings {
  readonly source: RunSource;
  /** Whose scores replace the run's; `undefined`: only the run's own count. */
  readonly prefer: ScorePreference | undefined;
  /** Whether to only estimate the cost. */
  readonly isEstimate: boolean;
  readonly thresholds: Thresholds;
  /** `undefined`: the run is compared with nothing. */
  readonly baseline: Baseline | undefined;
  readonly timeoutMs: number;
  readonly endpoint: string | undefined;
  readonly projectName: string | undefined;
  /** The report on standard output. */
  readonly output: "table" | "json" | "junit";
  /** Where to write a JUnit report as well. */
  readonly junitFile: string | undefined;
  /** Where to write a report for a comment on a pull request. */
  readonly markdownFile: string | undefined;
  /** How many of each metric's lowest scores to show, with their reasons. */
  readonly worst: number;
  readonly isQuiet: boolean;
  readonly mayColor: boolean;
}

/** The longest that a timer can wait. */
const longestTimeoutMs = 2 ** 31 - 1;

/** @throws UsageError for the first invalid option. */
export function evalSettings(options: EvalOptions): EvalSettings {
  const thresholds: Thresholds = {
    mean: metricNumbers("min", options.min),
    rate: metricNumbers("min-rate", options["min-rate"]),
    maxFailed: wholeNumber("--max-failed", options["max-failed"] ?? "0"),
  };
  const { junit } = options;
  if (options.json === true && junit === "-") {
    throw new UsageError("--json and --junit - both write to standard output: give --junit a file.");
  }
  const isEstimate = options.estimate ?? false;
  const report = (["junit", "markdown"] as const).find((option) => options[option] !== undefined);
  if (isEstimate && report !== undefined) {
    throw new UsageError(`--estimate creates no run, so --${report} has nothing to report.`);
  }
  const timeoutMs = durationMs("timeout", options.timeout ?? "30m");
  if (timeoutMs > longestTimeoutMs) throw new UsageError("--timeout must be at most 24d.");
  return {
    source: runSource(options, [...metricsWithThreshold(thresholds)]),
    prefer: preference(options.prefer ?? "person"),
    isEstimate,
    thresholds,
    // With a default preference, versions would differ if people scored only one of them.
    baseline: readBaseline(options, options.prefer === undefined ? undefined : preference(options.prefer)),
    timeoutMs,
    endpoint: options.endpoint,
    projectName: options.project,
    output: options.json === true ? "json" : junit === "-" ? "junit" : "table",
    junitFile: junit === "-" ? undefined : junit,
    markdownFile: options.markdown,
    worst: wholeNumber("--worst", options.worst ?? "5"),
    isQuiet: options.quiet ?? false,
    mayColor: options["no-color"] !== true,
  };
}

function preference(text: string): ScorePreference | undefined {
  if (text === "none") return undefined;
  if (text === "person" || text === "annotation") return text;
  throw new UsageError(`--prefer must be person, annotation or none, not "${text}".`);
}
