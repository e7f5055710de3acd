import type { ScoreDataType, ScoreStatus } from "./generated/types.ts";
import { meanOf } from "./mean-of.ts";

/** What the scores of traces and those of sessions have in common. */
export interface ScoreOfRun {
  readonly name: string;
  readonly value: string | null;
  readonly status: ScoreStatus;
  readonly data_type: ScoreDataType;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly trace_id?: string;
  readonly session_id?: string;
}

/** A score whose value can be reckoned with. */
export type NumberedScore<Score extends ScoreOfRun> = Score & {
  /** The `value` of a NUMERIC score; `null` where it failed, or is none. */
  readonly number: number | null;
};

/** The scores of a run: an array, which also tells what they come to. */
export class RunScores<Score extends ScoreOfRun> extends Array<NumberedScore<Score>> {
  /** What `map` and its kind make is an ordinary array. */
  static override readonly [Symbol.species] = Array;

  constructor(scores: readonly Score[]) {
    super();
    for (const score of scores) {
      const isNumber = score.data_type === "NUMERIC" && score.value !== null;
      this.push({ ...score, number: isNumber ? Number(score.value) : null });
    }
  }

  /** The score that a metric gave to a trace, or to a session, by its id. */
  of(targetId: string, metric: string): NumberedScore<Score> | undefined {
    return this.find((score) => score.name === metric && (score.trace_id ?? score.session_id) === targetId);
  }

  /** The scores that could not be had; `reason` says why. Neither `mean` nor `passRate` counts them. */
  get failed(): NumberedScore<Score>[] {
    return this.filter(({ status }) => status === "FAILED");
  }

  /**
   * The arithmetic mean of a metric's scores, without what adding fractions in binary leaves behind: that of 0.7, 0.8 and
   * 0.9 is 0.8, and so reaches a bar of 0.8. `NaN`, which is below every bar, where there is none.
   */
  mean(metric: string): number {
    return meanOf(this.#numbered(metric).map(({ number }) => number));
  }

  /**
   * Which share of a metric's scores is at `min` or above, from 0 to 1. Without `min`, which share of those that a run
   * held against a threshold reached it. `NaN`, which is below every bar, where there is none.
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
