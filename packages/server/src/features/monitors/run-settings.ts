import type { JsonObject, NewRow, Row } from "../../db/schema.ts";
import { toJson } from "../../db/storable.ts";

/** What the runs of a monitor evaluate. */
export interface RunSettings {
  readonly target_type: Row<"monitors">["target_type"];
  readonly metric_names: readonly string[];
  readonly filters: JsonObject;
  /** Only for monitors of sessions; `undefined` if none were given. */
  readonly signal_weights: unknown;
  readonly sampling_rate: number;
  readonly model: string | null;
  /** The most that each run may cost. */
  readonly max_cost_usd: number | null;
}

type Columns = "target_type" | "metric_names" | "filters" | "sampling_rate" | "model" | "max_cost_usd";

/** The signal weights are stored, and shown, as part of the filters. */
export function settingsColumns(settings: RunSettings): Pick<NewRow<"monitors">, Columns> {
  const { signal_weights, filters, metric_names, ...columns } = settings;
  return {
    ...columns,
    metric_names: [...metric_names],
    filters: toJson(signal_weights === undefined ? filters : { ...filters, signal_weights }),
  };
}

export function settingsOf(monitor: Pick<Row<"monitors">, Columns>): RunSettings {
  const { target_type, metric_names, sampling_rate, model, max_cost_usd } = monitor;
  const { signal_weights, ...filters } = monitor.filters;
  return { target_type, metric_names, filters, signal_weights, sampling_rate, model, max_cost_usd };
}
