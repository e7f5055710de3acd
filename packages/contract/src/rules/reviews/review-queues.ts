import { limits } from "../../common/limits.ts";
import type { EvalRunResponse } from "../../eval-runs.ts";
import type { ReviewerProgress, ReviewOrder } from "../../review-queues.ts";
import { invalidField, ProblemError } from "../problem.ts";
import { isOpen, sessionTargets, type TargetNames, type TargetType, traceTargets } from "../runs.ts";

/** The metadata of a reviewer's score, which says how its target was chosen: at random, or for a reason. */
export function labelMetadata({ id, order }: { readonly id: string; readonly order: ReviewOrder }) {
  return { selection: order === "random" ? "random" : "targeted", review_queue_id: id };
}

/** @param count how many queues the project has. @throws ProblemError `quota_exceeded` */
export function checkQueueCount(count: number): void {
  const most = limits.reviewQueue.perProject;
  if (count < most) return;
  throw new ProblemError(
    "quota_exceeded",
    `This project has ${count} review queues, and may have ${most}. Delete one that is done: the scores stay.`,
    { retryAfterSeconds: 3600 },
  );
}

/** @param count how many people review the queue without this one. @throws ProblemError `quota_exceeded` */
export function checkReviewerCount(count: number): void {
  const most = limits.reviewQueue.reviewers;
  if (count < most) return;
  throw new ProblemError(
    "quota_exceeded",
    `This queue has ${count} reviewers, and may have ${most}. Review under one of their names, or create another queue.`,
    { retryAfterSeconds: 3600 },
  );
}

/** @throws ProblemError for a run that has not ended, or that evaluates other targets. */
export function checkReviewedRun(
  run: Pick<EvalRunResponse, "id" | "status" | "target_type">,
  type: TargetType,
): void {
  if (isOpen(run)) {
    const detail = `The run ${run.id} is still ${run.status}. Wait until it has ended, then create the queue.`;
    throw new ProblemError("run_in_progress", detail);
  }
  if (run.target_type === type) return;
  const msg = `names a run over ${namesOf(type === "TRACE" ? "SESSION" : "TRACE").noun}s: set target_type to ${run.target_type}`;
  throw invalidField("validation_error", "from.run_id", msg, "custom");
}

export function nothingToReview(type: TargetType, order: ReviewOrder): ProblemError {
  const { noun } = namesOf(type);
  const what = {
    random: `No ${noun} matches, so there is nothing to review.`,
    disagreement: `No ${noun} that matches has two verdicts on these metrics, by several judges, a jury or repeats. Evaluate first, or use another order.`,
    uncertainty: `No ${noun} that matches has a judge's score of these metrics. Evaluate first, or use the order random.`,
  };
  return new ProblemError("nothing_matches", what[order]);
}

/** The names for a type of target. */
function namesOf(type: TargetType): TargetNames {
  return type === "SESSION" ? sessionTargets : traceTargets;
}

/** The error for a review that others have taken. */
export function claimLost(type: TargetType): ProblemError {
  return new ProblemError(
    "claim_lost",
    `Your claim has ended, and enough others review this item now. Claim the next one. To keep your scores, send them as ${namesOf(type).noun} scores.`,
  );
}

export function notSkippable(): ProblemError {
  const msg = "has completed this item: complete it again to change the scores";
  return invalidField("validation_error", "reviewer", msg, "custom");
}

/** Why a reviewer gets no item. */
export function nothingToClaim(isClosed: boolean, { remaining_count }: ReviewerProgress): string {
  if (isClosed) return "The queue is closed.";
  return remaining_count === 0
    ? "Nothing is left for this reviewer."
    : "Others are reviewing the remaining items. An item that they do not complete in time becomes free again.";
}
