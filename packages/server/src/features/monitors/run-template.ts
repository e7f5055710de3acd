import type { JsonObject, NewRow, Row } from "../../db/schema.ts";
import { toJson } from "../../db/storable.ts";

/** What a monitor evaluates. */
export interface RunTemplate {
  readonly target_type: Row<"monitors">["target_type"];
  readonly metric_names: readonly string[];
  readonly filters: JsonObject;
  /** Of monitors of sessions; `undefined` where none were given. */
  readonly signal_weights: unknown;
  readonly sampling_rate: number;
  readonly model: string | null;
  /** The most that each run may cost. */
  readonly max_cost_usd: number | null;
}

type Columns = "target_type" | "metric_names" | "filters" | "sampling_rate" | "model" | "max_cost_usd";

/** The signal weights are stored, and shown, among the filters. */
export function templateColumns(template: RunTemplate): Pick<NewRow<"monitors">, Columns> {
  const { signal_weights, filters, metric_names, ...columns } = template;
  return {
    ...columns,
    metric_names: [...metric_names],
    filters: toJson(signal_weights === undefined ? filters : { ...filters, signal_weights }),
  };
}

export function templateOf(monitor: Pick<Row<"monitors">, Columns>): RunTemplate {
  const { target_type, metric_names, sampling_rate, model, max_cost_usd } = monitor;
  const { signal_weights, ...filters } = monitor.filters;
  return { target_type, metric_names, filters, signal_weights, sampling_rate, model, max_cost_usd };
}
