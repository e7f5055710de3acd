import type { ScoreDataType, ScoreStatus } from "../generated/types.ts";

/** The fields that scores of traces and of sessions share. */
export interface ScoreOfRun {
  readonly name: string;
  readonly value: string | null;
  readonly status: ScoreStatus;
  readonly data_type: ScoreDataType;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly trace_id?: string;
  readonly session_id?: string;
}

/** A score with its value as a number. */
export type NumberedScore<Score extends ScoreOfRun> = Score & {
  /** The `value` of a NUMERIC score; `null` if it failed, is not numeric, or had nothing to judge (`applicable: false`). */
  readonly number: number | null;
};

/** The scores of a run: an array with means and pass rates. */
export class RunScores<Score extends ScoreOfRun> extends Array<NumberedScore<Score>> {
  /** `map` and the like return an ordinary array. */
  static override readonly [Symbol.species] = Array;

  constructor(scores: readonly Score[]) {
    super();
    for (const score of scores) {
      const { data_type: type, value, metadata } = score;
      // Fake answers in tests often lack metadata.
      const isNumber = type === "NUMERIC" && value !== null && metadata?.["applicable"] !== false;
      this.push({ ...score, number: isNumber ? Number(value) : null });
    }
  }

  /** The score of a trace or session, by its id, for a metric. */
  of(targetId: string, metric: string): NumberedScore<Score> | undefined {
    return this.find((score) => score.name === metric && (score.trace_id ?? score.session_id) === targetId);
  }

  /**
   * The scores that failed; `reason` says why. `mean` and `passRate` leave them out, and also scores with nothing to
   * judge (`metadata.applicable` is `false`).
   */
  get failed(): NumberedScore<Score>[] {
    return this.filter((score) => score.status === "FAILED");
  }

  /**
   * The arithmetic mean of a metric's scores, without binary rounding errors: the mean of 0.7, 0.8 and 0.9 is 0.8, and
   * reaches a threshold of 0.8. `NaN`, which is below every threshold, if there is no such score.
   */
  mean(metric: string): number {
    return meanOf(this.#numbered(metric).map(({ number }) => number));
  }

  /**
   * The share of a metric's scores that are at least `min`, from 0 to 1. Without `min`, the share that reached the
   * run's own threshold, of the scores that have one. `NaN`, which is below every threshold, if there are no such
   * scores.
   */
  passRate(metric: string, { min }: { readonly min?: number | undefined } = {}): number {
    const verdicts = this.#numbered(metric)
      .map(({ number, metadata }) => (min === undefined ? metadata["success"] : number >= min))
      .filter((verdict) => typeof verdict === "boolean");
    return verdicts.filter(Boolean).length / verdicts.length;
  }

  #numbered(metric: string): (Score & { readonly number: number })[] {
    return this.filter(
      (score): score is Score & { readonly number: number } => score.name === metric && score.number !== null,
    );
  }
}

/**
 * The arithmetic mean; `NaN` for no numbers. Binary fractions do not add up exactly: the mean of 0.7, 0.8 and 0.9 would
 * be 0.7999999999999999. So a mean that differs from a number of 12 digits only by the rounding error of the addition
 * becomes that number.
 */
function meanOf(numbers: readonly number[]): number {
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const short = Number(mean.toPrecision(12));
  return Math.abs(mean - short) <= numbers.length * Number.EPSILON ? short : mean;
}
