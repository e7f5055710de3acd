import {
  EvalRunFilters,
  type MonitorResponse,
  refusal,
  SessionEvalRunFilters,
  SignalWeights,
} from "@pandaprobe/contract";
import { invalidField, refusalProblem, resolveMetricNames } from "@pandaprobe/contract/rules";
import { type Judges, resolveModel } from "../judges.ts";
import type { TargetType } from "../state/project.ts";

/** What a monitor evaluates. */
export interface Evaluation {
  readonly target_type: TargetType;
  readonly metric_names: string[];
  readonly filters: Record<string, unknown>;
  /** `undefined` where none were given. */
  readonly signal_weights: unknown;
  readonly sampling_rate: number;
  readonly model: string | null;
  /** The most that each run may cost. */
  readonly max_cost_usd: number | null;
}

type Shown = Pick<
  MonitorResponse,
  "target_type" | "metric_names" | "filters" | "sampling_rate" | "model" | "max_cost_usd"
>;

/** The signal weights are shown among the filters. */
export function shown({ signal_weights, filters, ...evaluation }: Evaluation): Shown {
  return {
    ...evaluation,
    filters: signal_weights === undefined ? filters : { ...filters, signal_weights },
  };
}

export function evaluationOf(monitor: Shown): Evaluation {
  const { metric_names, sampling_rate, model, max_cost_usd } = monitor;
  const { signal_weights, ...filters } = monitor.filters;
  const target_type = monitor.target_type === "SESSION" ? "SESSION" : "TRACE";
  return { target_type, metric_names, filters, signal_weights, sampling_rate, model, max_cost_usd };
}

interface Schema<Value> {
  safeParse(value: unknown): { data?: Value; error?: { issues: readonly unknown[] } | undefined };
}

/** Refuses what no run could be made of. @throws ProblemError */
export function checkEvaluation(judges: Judges, evaluation: Evaluation): void {
  resolveMetricNames(evaluation.target_type === "TRACE" ? "trace" : "session", evaluation.metric_names);
  readFilters(evaluation);
  resolveModel(judges, evaluation.model, evaluation.max_cost_usd);
}

/** The filters and the weights as those of a run. @throws ProblemError */
export function readFilters({ target_type: type, filters, signal_weights: weights }: Evaluation) {
  if (weights !== undefined && type === "TRACE") {
    throw invalidField("validation_error", "signal_weights", "goes with the target type SESSION only");
  }
  const schema: Schema<EvalRunFilters & SessionEvalRunFilters> =
    type === "TRACE" ? EvalRunFilters : SessionEvalRunFilters;
  return {
    filters: parsed(schema, filters, "filters", "invalid_filters"),
    signal_weights:
      weights === undefined
        ? undefined
        : parsed(SignalWeights, weights, "signal_weights", "invalid_signal_weights"),
  };
}

function parsed<Value>(
  schema: Schema<Value>,
  value: unknown,
  field: string,
  code: "invalid_filters" | "invalid_signal_weights",
): Value | undefined {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  const issues = error.issues as Parameters<typeof refusal>[1][number]["issue"][];
  throw refusalProblem(
    refusal(
      code,
      issues.map((issue) => ({ at: ["body", field], issue })),
    ),
  );
}
