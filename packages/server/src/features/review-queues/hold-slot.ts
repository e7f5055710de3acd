import { checkReviewerCount, claimLost } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";
import type { ChangedRow, Row } from "../../db/schema.ts";
import { holdsSlot, type ReviewQueue } from "./queue-rows.ts";

/** One reviewer's work on an item, if any. */
export async function reviewOf(
  db: DatabaseTransaction,
  queue: ReviewQueue,
  itemId: string,
  reviewer: string,
): Promise<Row<"reviews"> | undefined> {
  return reviewsOf(db, queue, itemId).selectAll().where("reviewer", "=", reviewer).executeTakeFirst();
}

/**
 * Checks that a reviewer may work on an item: that they have completed it already, or that not enough others hold its
 * slots. The caller must hold the queue's lock.
 *
 * @throws ProblemError `claim_lost`
 */
export async function checkSlot(
  db: DatabaseTransaction,
  queue: ReviewQueue,
  itemId: string,
  { reviewer, mine }: { readonly reviewer: string; readonly mine: Row<"reviews"> | undefined },
): Promise<void> {
  if (mine?.status === "COMPLETED") return;
  const { others } = await reviewsOf(db, queue, itemId)
    .select((row) => row.fn.countAll<number>().as("others"))
    .where("reviewer", "<>", reviewer)
    .where(holdsSlot("reviews"))
    .executeTakeFirstOrThrow();
  if (others >= queue.reviewers_per_item) throw claimLost(queue.target_type);
}

/** Stores a reviewer's new state. @throws ProblemError `quota_exceeded` for one reviewer too many. */
export async function setReview(
  db: DatabaseTransaction,
  queue: ReviewQueue,
  itemId: string,
  { reviewer, mine }: { readonly reviewer: string; readonly mine: Row<"reviews"> | undefined },
  change: Pick<ChangedRow<"reviews">, "status" | "reason" | "score_ids"> & {
    readonly status: Row<"reviews">["status"];
  },
): Promise<Row<"reviews">> {
  if (mine === undefined) await checkReviewer(db, queue, reviewer);
  const isClaim = change.status === "CLAIMED";
  const row = {
    status: change.status,
    claimed_until: isClaim
      ? sql<string>`date_trunc('milliseconds', now_ms() + ${queue.claim_seconds} * interval '1 second')`
      : null,
    ended_at: isClaim ? null : sql<string>`now_ms()`,
    reason: change.reason ?? null,
    score_ids: change.score_ids ?? [],
  };
  return db
    .insertInto("reviews")
    .values({ project_id: queue.project_id, queue_id: queue.id, item_id: itemId, reviewer, ...row })
    .onConflict((conflict) =>
      conflict.columns(["project_id", "queue_id", "item_id", "reviewer"]).doUpdateSet(row),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function checkReviewer(db: DatabaseTransaction, queue: ReviewQueue, reviewer: string): Promise<void> {
  const { others, is_known } = await db
    .selectFrom("reviews")
    .select([
      sql<number>`count(distinct reviewer)`.as("others"),
      sql<boolean>`coalesce(bool_or(reviewer = ${reviewer}), false)`.as("is_known"),
    ])
    .where("project_id", "=", queue.project_id)
    .where("queue_id", "=", queue.id)
    .executeTakeFirstOrThrow();
  if (!is_known) checkReviewerCount(others);
}

function reviewsOf(db: DatabaseTransaction, queue: ReviewQueue, itemId: string) {
  return db
    .selectFrom("reviews")
    .where("project_id", "=", queue.project_id)
    .where("queue_id", "=", queue.id)
    .where("item_id", "=", itemId)
    .$castTo<Row<"reviews">>();
}
