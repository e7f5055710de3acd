import { JudgeError } from "../metrics/judge-error.ts";
import { round4, type ScoreResult } from "../metrics/score.ts";
import { isApplicable } from "../metrics/score-changes.ts";
import { closestTo, isQuorum, type Judgement, shortReason } from "./judgement.ts";
import { flipRate, mean, sampleDeviation } from "./statistics.ts";

/** The repeats in the metadata of a score. */
export interface RepeatsReport {
  /** How many were asked for. */
  readonly count: number;
  /** Their values, in order. `null` for a repeat that found nothing to judge or is missing. */
  readonly values: readonly (number | null)[];
  /** With n − 1. `null` for fewer than two values. */
  readonly standard_deviation: number | null;
  /** The share of values on the minority side of the threshold. `null` for no values. */
  readonly flip_rate: number | null;
  /** The numbers, from 1, of the repeats that found nothing to judge; left out if there are none. */
  readonly not_applicable?: readonly number[];
  /** The repeats that failed; left out if there are none. */
  readonly missing?: readonly { readonly repeat: number; readonly reason: string }[];
}

/**
 * The score of an item that one judge judged several times: the mean. Reason and metadata are those of the repeat closest
 * to it, with `repeats` in addition. The item is not applicable if most repeats found nothing to judge; otherwise those are
 * left out of the mean.
 *
 * @param judgements of all repeats, in order; at least one. @throws JudgeError unless more than half of them gave a score.
 */
export function combineRepeats(judgements: readonly Judgement[], threshold: number): ScoreResult {
  const missing = judgements.flatMap((judgement, i) =>
    "missing" in judgement ? [{ repeat: i + 1, reason: shortReason(judgement.missing) }] : [],
  );
  const scores = judgements.flatMap((judgement) => ("score" in judgement ? [judgement.score] : []));
  if (!isQuorum(scores.length, judgements.length)) throw noQuorum(scores.length, judgements.length, missing);
  const values = judgements.map((judgement) =>
    "score" in judgement ? applicableScore(judgement.score) : null,
  );
  const known = values.filter((value) => value !== null);
  const deviation = sampleDeviation(known);
  const flips = flipRate(known, threshold);
  const notApplicable = judgements.flatMap((judgement, i) =>
    "score" in judgement && applicableScore(judgement.score) === null ? [i + 1] : [],
  );
  const repeats: RepeatsReport = {
    count: judgements.length,
    values,
    standard_deviation: deviation === null ? null : round4(deviation),
    flip_rate: flips === null ? null : round4(flips),
    ...(notApplicable.length > 0 && { not_applicable: notApplicable }),
    ...(missing.length > 0 && { missing }),
  };
  const [first, ...others] = scores.filter(
    (score) => isApplicable(score.metadata) === known.length >= notApplicable.length,
  );
  if (first === undefined) throw new TypeError("A quorum of repeats has no score.");
  if (known.length < notApplicable.length) return { ...first, metadata: { ...first.metadata, repeats } };
  const center = mean(known);
  const closest = closestTo(center, [first, ...others], ({ score }) => score);
  const score = round4(center);
  return {
    score,
    value: String(score),
    reason: `${range(known)} Closest to the mean: ${closest.reason}`,
    metadata: { ...closest.metadata, threshold, success: score >= threshold, repeats },
  };
}

function applicableScore({ score, metadata }: ScoreResult): number | null {
  return isApplicable(metadata) ? score : null;
}

function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const ends = least === most ? `all ${least}` : `from ${least} to ${most}`;
  return `The mean of ${values.length} judgements, ${ends}.`;
}

function noQuorum(present: number, all: number, missing: NonNullable<RepeatsReport["missing"]>): JudgeError {
  const [first] = missing;
  const because = first === undefined ? "" : ` Repeat ${first.repeat}: ${first.reason}`;
  return new JudgeError(
    `Only ${present} of ${all} repeats gave a score, and more than half are needed.${because}`,
  );
}
