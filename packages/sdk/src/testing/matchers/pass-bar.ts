/** What scores have to come to. */
export interface PassBar {
  /**
   * The score from which on one passes, from 0 to 1. Default: the threshold that the run had for the metric, which stands in
   * each of its scores.
   */
  readonly min?: number | undefined;
  /** Which share of the scores has to pass, from 0 to 1. Default: 1, all of them. */
  readonly rate?: number | undefined;
}

/** @throws RangeError for a number that cannot be a bar; TypeError for what is no metric, or an option that there is not. */
export function checkBar(metric: unknown, bar: PassBar): void {
  if (typeof metric !== "string" || metric === "") {
    throw new TypeError(
      `toPass takes the name of a metric first, such as "task_completion": it got ${String(metric)}.`,
    );
  }
  if (typeof bar !== "object" || bar === null) {
    throw new TypeError(`toPass takes a bar such as { min: 0.8 } second: it got ${String(bar)}.`);
  }
  for (const [name, value] of Object.entries(bar)) {
    // Ignored, it would be a bar that everything passes.
    if (name !== "min" && name !== "rate") throw new TypeError(`toPass takes min and rate: it got ${name}.`);
    if (value === undefined || (typeof value === "number" && value >= 0 && value <= 1)) continue;
    throw new RangeError(`${name} of toPass is a number from 0 to 1: it is ${String(value)}.`);
  }
}
