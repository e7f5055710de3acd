import type { ReviewedMetric } from "@pandaprobe/sdk/review";

/** A value that a reviewer can give with one key. */
export interface Choice {
  /** `null` beyond the ninth. */
  readonly key: string | null;
  readonly value: string;
  readonly label: string;
}

/** The choices for a metric without its own. */
const steps = [0, 0.25, 0.5, 0.75, 1];

export function choicesOf({ data_type, choices, threshold }: ReviewedMetric): Choice[] {
  if (data_type === "BOOLEAN")
    return [
      { key: "y", value: "true", label: "Yes" },
      { key: "n", value: "false", label: "No" },
    ];
  const offered =
    choices ??
    steps.map((step) => ({
      value: String(step),
      label:
        threshold === null ? step.toFixed(2) : `${step.toFixed(2)} ${step >= threshold ? "passes" : "fails"}`,
    }));
  return offered.map(({ value, label }, index) => ({
    key: index < 9 ? String(index + 1) : null,
    value,
    label,
  }));
}

/** The value of a key; `undefined` if it has none. For numbers, `y` and `n` are the best and the worst value. */
export function valueOfKey(metric: ReviewedMetric, key: string): string | undefined {
  const choices = choicesOf(metric);
  if (metric.data_type === "NUMERIC") {
    if (key === "y") return choices.at(-1)?.value;
    if (key === "n") return choices[0]?.value;
  }
  return choices.find((choice) => choice.key === key)?.value;
}
