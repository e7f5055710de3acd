import type { ScoreDataType, ScoreStatus } from "./generated/types.ts";

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
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  constructor(scores: readonly Score[]) {
    super();
    for (const score of scores) {
      const isNumber = score.data_type === "NUMERIC" && score.value !== null;
      this.push({ ...score, number: isNumber ? Number(score.value) : null });
    }
  }

  /** The score that a metric gave to a trace, or to a session, by its id. */
  of(targetId: string, metric: string): NumberedScore<Score> | undefined {
    return this.find(
      ({ name, trace_id, session_id }) => name === metric && (trace_id ?? session_id) === targetId,
    );
  }

  /** The scores that could not be had; `reason` says why. Neither `mean` nor `passRate` counts them. */
  get failed(): NumberedScore<Score>[] {
    return this.filter(({ status }) => status === "FAILED");
  }

  /** The arithmetic mean of a metric's scores; `NaN`, which is below every bar, where there is none. */
  mean(metric: string): number {
    return this.#meanOf(metric, ({ number }) => number ?? 0);
  }

  /**
   * Which share of a metric's scores is at `min` or above, from 0 to 1; `NaN`, which is below every bar, where there is
   * none. Without `min`, by the threshold that the run had for the metric.
   */
  passRate(metric: string, { min }: { readonly min?: number | undefined } = {}): number {
    return this.#meanOf(metric, ({ number, metadata }) =>
      Number(min === undefined ? metadata["success"] === true : (number ?? 0) >= min),
    );
  }

  #meanOf(metric: string, reckon: (score: NumberedScore<Score>) => number): number {
    const scores = this.filter(({ name, number }) => name === metric && number !== null);
    return scores.reduce((sum, score) => sum + reckon(score), 0) / scores.length;
  }
}
