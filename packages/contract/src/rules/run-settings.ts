import type { z } from "zod";
import { isLimitIssue } from "../common/text.ts";
import type { MonitorResponse, UpdateMonitorRequest } from "../monitors.ts";
import { SignalWeights } from "../signal-weights.ts";
import { changedJudges, type JudgedBy } from "./juries/judged-by.ts";
import { invalidField, schemaProblem } from "./problem.ts";
import type { TargetType } from "./runs.ts";

/** What the runs of a monitor evaluate. */
export interface RunSettings extends JudgedBy {
  readonly target_type: TargetType;
  readonly metric_names: readonly string[];
  readonly filters: Record<string, unknown>;
  /** Only for sessions. `undefined`: the defaults. */
  readonly signal_weights: unknown;
  readonly sampling_rate: number;
  /** The most each run may cost. */
  readonly max_cost_usd: number | null;
}

/** The fields of a monitor that hold them. */
type SettingsFields = Pick<
  MonitorResponse,
  | "target_type"
  | "metric_names"
  | "filters"
  | "sampling_rate"
  | "model"
  | "repeats"
  | "judges"
  | "aggregate"
  | "max_cost_usd"
>;

/** Signal weights are shown among the filters. */
export function shownSettings({
  signal_weights,
  filters,
  metric_names,
  judges,
  ...fields
}: RunSettings): SettingsFields {
  return {
    ...fields,
    metric_names: [...metric_names],
    judges: judges && [...judges],
    filters: signal_weights === undefined ? filters : { ...filters, signal_weights },
  };
}

export function settingsOf(monitor: SettingsFields): RunSettings {
  const { metric_names, sampling_rate, model, repeats, judges, aggregate, max_cost_usd } = monitor;
  const { signal_weights, ...filters } = monitor.filters;
  const target_type = monitor.target_type === "SESSION" ? "SESSION" : "TRACE";
  const judging = { model, repeats, judges, aggregate };
  return {
    target_type,
    metric_names,
    filters,
    signal_weights,
    sampling_rate,
    ...judging,
    max_cost_usd,
  };
}

/** The settings after a PATCH. @throws ProblemError `validation_error` for judges that contradict each other. */
export function changedSettings(before: RunSettings, body: UpdateMonitorRequest): RunSettings {
  return {
    target_type: before.target_type,
    metric_names: [...new Set(body.metrics ?? before.metric_names)],
    filters: body.filters == null ? before.filters : withoutShownWeights(body.filters, before),
    signal_weights:
      body.signal_weights === undefined ? before.signal_weights : (body.signal_weights ?? undefined),
    sampling_rate: body.sampling_rate ?? before.sampling_rate,
    ...changedJudges(before, { ...body, repeats: body.repeats === null ? 1 : body.repeats }),
    max_cost_usd: body.max_cost_usd === undefined ? before.max_cost_usd : body.max_cost_usd,
  };
}

/** Clients that send back the filters of a response also send its signal weights. */
function withoutShownWeights(
  filters: Record<string, unknown>,
  { signal_weights: shown }: RunSettings,
): Record<string, unknown> {
  const { signal_weights: sent, ...rest } = filters;
  return shown !== undefined && sorted(sent) === sorted(shown) ? rest : filters;
}

/** The order of the signals does not matter. */
function sorted(weights: unknown): string {
  return JSON.stringify(Object.entries(weights ?? {}).sort());
}

/** The filters and the signal weights of a monitor's runs. */
export interface Selection<Filters> {
  readonly filters: Filters;
  readonly signal_weights?: SignalWeights;
}

/**
 * Reads the filters and the signal weights of a monitor.
 *
 * @param schema that of the filters of its target type.
 * @param before the stored settings: values that did not change may exceed the limits of requests.
 * @throws ProblemError `validation_error`, `invalid_filters`, `invalid_signal_weights`
 */
export function selectionOf<Filters>(
  schema: z.ZodType<Filters>,
  { target_type, filters, signal_weights: weights }: RunSettings,
  before?: RunSettings,
): Selection<Filters> {
  if (weights !== undefined && target_type !== "SESSION") {
    throw invalidField("validation_error", "signal_weights", "works only with the target type SESSION");
  }
  const isStored = filters === before?.filters;
  return {
    filters: parsed(schema, filters, "filters", "invalid_filters", isStored),
    ...(weights !== undefined && {
      signal_weights: parsed(SignalWeights, weights, "signal_weights", "invalid_signal_weights"),
    }),
  };
}

function parsed<Value>(
  schema: z.ZodType<Value>,
  value: unknown,
  field: string,
  code: "invalid_filters" | "invalid_signal_weights",
  isStored = false,
): Value {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  if (isStored && error.issues.every(isLimitIssue)) return value as Value;
  throw schemaProblem(
    code,
    error.issues.map((issue) => ({ at: ["body", field], issue })),
  );
}
