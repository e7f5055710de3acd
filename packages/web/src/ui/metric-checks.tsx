import type { MetricListItem } from "@pandaprobe/sdk/metrics";
import { metricLabel } from "./format.ts";

/** Chooses some of the metrics. */
export function MetricChecks({
  legend = "Metrics",
  metrics,
  chosen,
  onChange,
}: {
  legend?: string;
  metrics: readonly MetricListItem[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {metrics.map(({ name, description }) => (
        <label key={name} class="check" title={description}>
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={({ currentTarget: { checked } }) =>
              onChange(checked ? [...chosen, name] : chosen.filter((each) => each !== name))
            }
          />
          {metricLabel(name)}
        </label>
      ))}
    </fieldset>
  );
}
