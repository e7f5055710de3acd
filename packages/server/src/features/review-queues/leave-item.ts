import type { ReviewerProgress, SkipReviewItemRequest } from "@pandaprobe/contract";
import { notFound, notSkippable } from "@pandaprobe/contract/rules";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { reviewOf, setReview } from "./hold-slot.ts";
import { lockQueue, type QueueKey } from "./queue-rows.ts";
import { progressOf } from "./read-queues.ts";

/** Leaves an item to other reviewers. @throws ProblemError `not_found`; `validation_error` if the reviewer completed it. */
export async function skipItem(
  db: Database,
  key: QueueKey,
  itemId: string,
  { reviewer, reason = null }: SkipReviewItemRequest,
): Promise<ReviewerProgress> {
  return inTransaction(db, async (transaction) => {
    const queue = await lockQueue(transaction, key);
    await lockItem(transaction, key, itemId);
    const mine = await reviewOf(transaction, queue, itemId, reviewer);
    if (mine?.status === "COMPLETED") throw notSkippable();
    await setReview(transaction, queue, itemId, { reviewer, mine }, { status: "SKIPPED", reason });
    return progressOf(transaction, key, reviewer);
  });
}

/** Ends a reviewer's claim on an item, or undoes a skip. @throws ProblemError `not_found` */
export async function releaseItem(
  db: Database,
  key: QueueKey,
  itemId: string,
  reviewer: string,
): Promise<ReviewerProgress> {
  return inTransaction(db, async (transaction) => {
    await lockQueue(transaction, key);
    await lockItem(transaction, key, itemId);
    await transaction
      .deleteFrom("reviews")
      .where("project_id", "=", key.project_id)
      .where("queue_id", "=", key.id)
      .where("item_id", "=", itemId)
      .where("reviewer", "=", reviewer)
      .where("status", "<>", "COMPLETED")
      .execute();
    return progressOf(transaction, key, reviewer);
  });
}

/** Locks an item until the transaction ends. @throws ProblemError `not_found`, also for one that is being deleted. */
async function lockItem(
  db: DatabaseTransaction,
  { project_id, id }: QueueKey,
  itemId: string,
): Promise<void> {
  const item = await db
    .selectFrom("review_items")
    .select("id")
    .where("project_id", "=", project_id)
    .where("queue_id", "=", id)
    .where("id", "=", itemId)
    .forKeyShare()
    .skipLocked()
    .executeTakeFirst();
  if (item === undefined) throw notFound("review item", itemId);
}
