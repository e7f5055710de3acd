import type {
  CreateBatchEvalRunRequest,
  CreateBatchSessionEvalRunRequest,
  CreateEvalRunRequest,
  CreateSessionEvalRunRequest,
} from "@pandaprobe/sdk";
import type { EvalOptions } from "./eval-options.ts";
import { filterTexts, readSessionFilters, readTraceFilters } from "./filters.ts";
import { boundedNumber, idOf, metricNumbers, wholeNumber } from "./option-values.ts";
import { UsageError } from "./usage-error.ts";

/** A run to create. */
export type NewRunSource =
  | { readonly kind: "traces"; readonly body: CreateEvalRunRequest | CreateBatchEvalRunRequest }
  | {
      readonly kind: "sessions";
      readonly body: CreateSessionEvalRunRequest | CreateBatchSessionEvalRunRequest;
    };

/** The source of the scores: a run to create, or an existing one. */
export type RunSource = NewRunSource | { readonly kind: "existing"; readonly runId: string };

/** The server's limits. */
const mostJudges = 9;
const mostRepeats = 10;
const aggregates = ["mean", "majority", "unanimous"] as const;

/** The options that apply only to a new run. */
const ofNewRuns = [
  "metrics",
  "sessions",
  "trace",
  "session",
  "filter",
  "since",
  "sample",
  "model",
  "judges",
  "aggregate",
  "repeats",
  "threshold",
  "fresh",
  "name",
  "max-cost-usd",
  "estimate",
] as const satisfies (keyof EvalOptions)[];

/**
 * @param withThreshold the metrics that have a threshold, which need not be listed in `--metrics`.
 * @throws UsageError for an invalid option, or options that contradict each other.
 */
export function runSource(options: EvalOptions, withThreshold: readonly string[]): RunSource {
  if (options.run !== undefined) {
    const given = ofNewRuns.find((name) => options[name] !== undefined);
    if (given !== undefined)
      throw new UsageError(
        `--run must be the id of an existing run: remove --${given}, which applies to a new one.`,
      );
    return { kind: "existing", runId: idOf("run", "an existing run", options.run) };
  }
  const body = { ...common(options, withThreshold) };
  const isOfSessions = options.sessions === true || options.session !== undefined;
  if (isOfSessions && options.trace !== undefined) {
    throw new UsageError(
      "A run evaluates traces or sessions: --trace cannot be combined with --sessions or --session.",
    );
  }
  const ids = options.trace ?? options.session;
  if (ids !== undefined) {
    const given = (["filter", "since", "sample"] as const).find((name) => options[name] !== undefined);
    if (given !== undefined) {
      throw new UsageError(
        `--${isOfSessions ? "session" : "trace"} selects exact targets: remove --${given}.`,
      );
    }
    return isOfSessions
      ? { kind: "sessions", body: { ...body, session_ids: ids } }
      : { kind: "traces", body: { ...body, trace_ids: ids.map((id) => idOf("trace", "a trace", id)) } };
  }
  const sampling = options.sample === undefined ? {} : { sampling_rate: share(options.sample) };
  const filters = filterTexts(options);
  return isOfSessions
    ? { kind: "sessions", body: { ...body, ...sampling, filters: readSessionFilters(filters) } }
    : { kind: "traces", body: { ...body, ...sampling, filters: readTraceFilters(filters) } };
}

/** A run over nothing must not count as passed. */
function share(text: string): number {
  const rate = boundedNumber("--sample", text, 0, 1);
  if (rate === 0) throw new UsageError("--sample 0 evaluates nothing.");
  return rate;
}

function common(options: EvalOptions, withThreshold: readonly string[]) {
  const listed = (options.metrics ?? []).flatMap((names) => names.split(","));
  const metrics = new Set(
    [...listed, ...withThreshold].map((name) => name.trim()).filter((name) => name !== ""),
  );
  if (metrics.size === 0) {
    throw new UsageError(
      "No metrics: use --metrics task_completion,tool_correctness, or a threshold: --min task_completion=0.8.",
    );
  }
  const thresholds = metricNumbers("threshold", options.threshold);
  for (const metric of thresholds.keys()) {
    if (!metrics.has(metric)) throw new UsageError(`--threshold ${metric}: add the metric to --metrics.`);
  }
  const cost = options["max-cost-usd"];
  return {
    metrics: [...metrics],
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.model === undefined ? {} : { model: options.model }),
    ...jury(options),
    ...(options.repeats === undefined ? {} : { repeats: repeats(options.repeats) }),
    ...(options.fresh === undefined ? {} : { fresh: options.fresh }),
    ...(thresholds.size === 0 ? {} : { thresholds: Object.fromEntries(thresholds) }),
    ...(cost === undefined
      ? {}
      : { max_cost_usd: boundedNumber("--max-cost-usd", cost, 0, Number.POSITIVE_INFINITY) }),
  };
}

function jury({ model, judges, aggregate }: EvalOptions) {
  if (judges === undefined) {
    if (aggregate !== undefined) throw new UsageError("--aggregate says how a jury decides: add --judges.");
    return {};
  }
  if (model !== undefined) {
    throw new UsageError("--judges replaces --model: name either one judge or a jury.");
  }
  const models = judges.split(",").map((name) => name.trim());
  if (models.length < 2 || models.length > mostJudges || models.includes("")) {
    throw new UsageError(
      `--judges must be 2 to ${mostJudges} models, separated by commas, such as openai/gpt-5.4,anthropic/claude-haiku-5-5, not "${judges}".`,
    );
  }
  const how = aggregates.find((each) => each === (aggregate ?? "mean"));
  if (how === undefined) {
    throw new UsageError(`--aggregate must be ${aggregates.join(", ")}, not "${aggregate}".`);
  }
  return { judges: models, aggregate: how };
}

function repeats(text: string): number {
  const count = wholeNumber("--repeats", text);
  if (count >= 1 && count <= mostRepeats) return count;
  throw new UsageError(`--repeats must be from 1 to ${mostRepeats}, not "${text}".`);
}
