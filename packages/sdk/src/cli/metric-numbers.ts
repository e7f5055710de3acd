import { boundedNumber } from "./numbers.ts";
import { UsageError } from "./usage-error.ts";

/** Reads `metric=0.8`, as often as it is given: one number from 0 to 1 for each metric. */
export function metricNumbers(option: string, given: readonly string[] = []): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const text of given) {
    const [, metric, number] = /^\s*([^\s=]+)\s*=(.*)$/.exec(text) ?? [];
    if (metric === undefined || number === undefined) {
      throw new UsageError(
        `--${option} takes a metric and a number, such as task_completion=0.8, not "${text}".`,
      );
    }
    if (numbers.has(metric)) throw new UsageError(`--${option} is given twice for ${metric}.`);
    numbers.set(metric, boundedNumber(`--${option} ${metric}`, number, 0, 1));
  }
  return numbers;
}
