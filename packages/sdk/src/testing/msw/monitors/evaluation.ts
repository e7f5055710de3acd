import type { MonitorResponse } from "@pandaprobe/contract";
import type { TargetType } from "../runs/run.ts";

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
