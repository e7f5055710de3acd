import type { JuryAggregate } from "../../judging.ts";
import { JudgeError } from "../metrics/judge-error.ts";
import { round4, type ScoreResult } from "../metrics/score.ts";
import { isApplicable } from "../metrics/score-changes.ts";
import type { RepeatsReport } from "./combine-repeats.ts";
import { closestTo, isQuorum, type Judgement, shortReason } from "./judgement.ts";
import { agreement, mean } from "./statistics.ts";

/** The judgement of a member of a jury. */
export interface MemberJudgement {
  /** The member, as `provider/model`. */
  readonly model: string;
  readonly judgement: Judgement;
}

/** A member's vote, as the metadata of the score keeps it. */
export interface Vote {
  readonly model: string;
  /** The value that the member gave; the mean of its repeats. */
  readonly value: number;
  /** Whether it reached the threshold. */
  readonly success: boolean;
  /** `false` if the member found nothing to judge. Its vote does not count then. */
  readonly applicable: boolean;
  /** Shortened. */
  readonly reason: string;
  /** Only with repeats. */
  readonly repeats?: RepeatsReport;
  /** For a session: how many signals of its traces are missing from the member's value; left out if none. */
  readonly failed_signals?: number;
}

/** The votes in the metadata of a jury's score. */
export interface JuryReport {
  readonly aggregate: JuryAggregate;
  readonly votes: readonly Vote[];
  /** The share of pairs of members that agree: both pass, both miss the threshold, or both found nothing to judge. */
  readonly agreement: number | null;
  /** The members without a vote; left out if there are none. */
  readonly missing_judges?: readonly { readonly model: string; readonly reason: string }[];
}

interface JuryRules {
  readonly aggregate: JuryAggregate;
  readonly threshold: number;
}

interface Ballot {
  readonly vote: Vote;
  readonly score: ScoreResult;
}

/**
 * The score of an item that a jury judged. Reason and metadata are those of the member closest to it, with the votes in
 * addition. The item is not applicable if most votes say so; otherwise those votes do not count.
 *
 * @param members all members; a missing one is named in the metadata, and never replaced.
 * @throws JudgeError unless more than half of the members voted.
 */
export function combineVotes(
  members: readonly MemberJudgement[],
  { aggregate, threshold }: JuryRules,
): ScoreResult {
  const missing = members.flatMap(({ model, judgement }) =>
    "missing" in judgement ? [{ model, reason: shortReason(judgement.missing) }] : [],
  );
  const ballots = members.flatMap((member) => ballotOf(member));
  if (!isQuorum(ballots.length, members.length)) throw noQuorum(ballots.length, members.length, missing);
  const votes = ballots.map(({ vote }) => vote);
  const agreed = agreement(votes.map(verdictOf));
  const report: JuryReport = {
    aggregate,
    votes,
    agreement: agreed === null ? null : round4(agreed),
    ...(missing.length > 0 && { missing_judges: missing }),
  };
  const counted = ballots.filter(({ vote }) => vote.applicable);
  const notApplicable = ballots.filter(({ vote }) => !vote.applicable);
  const isJudged = counted.length >= notApplicable.length;
  const [first, ...others] = isJudged ? counted : notApplicable;
  if (first === undefined) throw new TypeError("A quorum of a jury has no vote.");
  const score = isJudged ? decide(aggregate, votes) : first.score.score;
  const { vote, score: closest } = closestTo(score, [first, ...others], (ballot) => ballot.vote.value);
  const { repeats: _ofOneMember, ...metadata } = closest.metadata;
  const isTrimmed = ballots.some((ballot) => ballot.score.metadata["trimmed"] === true);
  return {
    score,
    value: String(score),
    reason: `${summary(aggregate, votes, missing.length)} ${vote.model}: ${closest.reason}`,
    metadata: {
      ...metadata,
      ...(isTrimmed && { trimmed: true }),
      threshold,
      success: score >= threshold,
      // No single model judged.
      model: null,
      ...report,
    },
  };
}

function ballotOf({ model, judgement }: MemberJudgement): Ballot[] {
  if ("missing" in judgement) return [];
  const { score, reason, metadata } = judgement.score;
  const repeats = metadata["repeats"] as RepeatsReport | undefined;
  const failed = metadata["failed_signals"];
  const vote = {
    model,
    value: score,
    success: metadata["success"] === true,
    applicable: isApplicable(metadata),
    reason: shortReason(reason),
    ...(repeats !== undefined && { repeats }),
    ...(Array.isArray(failed) && { failed_signals: failed.length }),
  };
  return [{ vote, score: judgement.score }];
}

function verdictOf({ applicable, success }: Vote): string {
  if (!applicable) return "not applicable";
  return success ? "pass" : "miss";
}

/** The score of the votes that count; there is at least one. */
function decide(aggregate: JuryAggregate, votes: readonly Vote[]): number {
  const counted = votes.filter(({ applicable }) => applicable);
  const passes = counted.filter(({ success }) => success).length;
  switch (aggregate) {
    case "mean":
      return round4(mean(counted.map(({ value }) => value)));
    case "majority":
      return passes > counted.length / 2 ? 1 : 0;
    case "unanimous":
      return passes === counted.length ? 1 : 0;
  }
}

function summary(aggregate: JuryAggregate, votes: readonly Vote[], missing: number): string {
  const counted = votes.filter(({ applicable }) => applicable);
  const abstained = votes.length - counted.length;
  const passes = counted.filter(({ success }) => success).length;
  const parts = [
    aggregate === "mean"
      ? `Mean of ${counted.length} judges`
      : `${passes} of ${counted.length} judges pass it (${aggregate})`,
    ...(abstained > 0 ? [`${abstained} found nothing to judge`] : []),
    ...(missing > 0 ? [`${missing} did not answer`] : []),
  ];
  return `${parts.join("; ")}.`;
}

function noQuorum(
  present: number,
  all: number,
  missing: NonNullable<JuryReport["missing_judges"]>,
): JudgeError {
  const why = missing.map(({ model, reason }) => `${model}: ${reason}`).join(" ");
  return new JudgeError(
    `Only ${present} of ${all} judges gave a score, and more than half are needed. ${why}`,
  );
}
