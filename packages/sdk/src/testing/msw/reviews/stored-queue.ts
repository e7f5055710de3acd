import type { ItemReview, ReviewerProgress, ReviewItem, ReviewQueueResponse } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { isoTime } from "../state/clock.ts";
import type { Project, StoredReviewItem, StoredReviewQueue } from "../state/project.ts";
import type { World } from "../world.ts";

/** A queue, and the time at which it is read, because claims end by themselves. */
export interface QueueNow {
  readonly queue: StoredReviewQueue;
  readonly now: string;
}

/** @throws ProblemError `not_found` */
export function findQueue(world: World, project: Project, id: string): QueueNow {
  const queue = project.reviewQueues.get(id);
  if (queue === undefined) throw notFound("review queue", id);
  return { queue, now: isoTime(world.clock.now()) };
}

/** @throws ProblemError `not_found` */
export function findItem({ queue }: QueueNow, id: string): StoredReviewItem {
  const item = queue.items.find((each) => each.id === id);
  if (item === undefined) throw notFound("review item", id);
  return item;
}

/** What people did with an item, without expired claims. */
export function reviewsOf({ now }: QueueNow, { reviews }: StoredReviewItem): ItemReview[] {
  const all = [...reviews.values()].sort((a, b) => (a.reviewer < b.reviewer ? -1 : 1));
  return all.filter(({ claimed_until: until }) => until === null || until > now);
}

export function isCompleted({ queue }: QueueNow, { reviews }: StoredReviewItem): boolean {
  const completed = [...reviews.values()].filter(({ status }) => status === "COMPLETED");
  return completed.length >= queue.fields.reviewers_per_item;
}

/** Whether this reviewer may work on an item: enough others neither completed nor claimed it. */
export function hasSlot(at: QueueNow, item: StoredReviewItem, reviewer: string): boolean {
  const others = reviewsOf(at, item).filter(
    (review) => review.reviewer !== reviewer && review.status !== "SKIPPED",
  );
  return others.length < at.queue.fields.reviewers_per_item;
}

export function shownItem(at: QueueNow, item: StoredReviewItem): ReviewItem {
  const { id, queue_id, position, trace_id, session_id } = item;
  return {
    id,
    queue_id,
    position,
    trace_id,
    session_id,
    status: statusOf(at, item),
    reviews: reviewsOf(at, item),
  };
}

function statusOf(at: QueueNow, item: StoredReviewItem): ReviewItem["status"] {
  if (isCompleted(at, item)) return "COMPLETED";
  const statuses = reviewsOf(at, item).map(({ status }) => status);
  if (statuses.includes("CLAIMED")) return "CLAIMED";
  return statuses.includes("SKIPPED") ? "SKIPPED" : "OPEN";
}

export function shownQueue(at: QueueNow): ReviewQueueResponse {
  const { fields, items } = at.queue;
  const statuses = items.map((item) => statusOf(at, item));
  const count = (status: ReviewItem["status"]) => statuses.filter((each) => each === status).length;
  const reviewers = new Set(
    items.flatMap((item) =>
      reviewsOf(at, item).flatMap(({ status, reviewer }) => (status === "CLAIMED" ? [] : reviewer)),
    ),
  );
  return {
    ...fields,
    item_count: items.length,
    completed_count: count("COMPLETED"),
    claimed_count: count("CLAIMED"),
    skipped_count: count("SKIPPED"),
    remaining_count: items.length - count("COMPLETED"),
    reviewers: [...reviewers].sort().map((reviewer) => progressOf(at, reviewer)),
  };
}

/** What this reviewer has done, and what is still to do. */
export function progressOf(at: QueueNow, reviewer: string): ReviewerProgress {
  const { items } = at.queue;
  const done = items.map((item) => {
    const status = item.reviews.get(reviewer)?.status;
    return { item, status: status === "CLAIMED" ? undefined : status };
  });
  return {
    reviewer,
    completed_count: done.filter(({ status }) => status === "COMPLETED").length,
    skipped_count: done.filter(({ status }) => status === "SKIPPED").length,
    remaining_count: done.filter(({ item, status }) => status === undefined && !isCompleted(at, item)).length,
  };
}
