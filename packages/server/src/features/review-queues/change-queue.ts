import type { ReviewQueueResponse, UpdateReviewQueueRequest } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { lockQueue, type QueueKey } from "./queue-rows.ts";
import { getQueue } from "./read-queues.ts";

/** Renames, closes or reopens a queue. @throws ProblemError `not_found` */
export async function updateQueue(
  db: Database,
  key: QueueKey,
  { name, closed }: UpdateReviewQueueRequest,
): Promise<ReviewQueueResponse> {
  return inTransaction(db, async (transaction) => {
    const before = await lockQueue(transaction, key);
    const closedAt = closed ? sql<string>`coalesce(closed_at, now_ms())` : null;
    await transaction
      .updateTable("review_queues")
      .set({
        name: name ?? before.name,
        ...(closed === undefined ? {} : { closed_at: closedAt }),
        updated_at: sql<string>`now_ms()`,
      })
      .where("project_id", "=", key.project_id)
      .where("id", "=", key.id)
      .execute();
    return getQueue(transaction, key);
  });
}

/** Deletes a queue with its items. The scores that people gave stay. @throws ProblemError `not_found` */
export async function deleteQueue(db: Database, { project_id, id }: QueueKey): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom("review_queues")
    .where("project_id", "=", project_id)
    .where("id", "=", id)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw notFound("review queue", id);
}
