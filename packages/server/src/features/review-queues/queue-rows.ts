import type { ReviewItemStatus } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";

export type ReviewQueue = Row<"review_queues">;

/** The table with the scores of each kind of target, and its column with the target's id. */
export const scorePlaces = {
  TRACE: { table: "trace_scores", id: "trace_id" },
  SESSION: { table: "session_scores", id: "session_id" },
} as const;

/** The primary key of a queue. */
export interface QueueKey {
  readonly project_id: string;
  readonly id: string;
}

/**
 * Reads a queue and locks its row until the transaction ends. Every change of reviews holds this lock, so no two people get
 * the same slot. Code that also locks traces does that first, as deletions of traces do.
 *
 * @throws ProblemError `not_found`
 */
export async function lockQueue(db: DatabaseTransaction, key: QueueKey): Promise<ReviewQueue> {
  const queue = await queueOf(db, key).forNoKeyUpdate().executeTakeFirst();
  if (queue === undefined) throw notFound("review queue", key.id);
  return queue;
}

/** @throws ProblemError `not_found` */
export async function findQueue(db: Database | DatabaseTransaction, key: QueueKey): Promise<ReviewQueue> {
  const queue = await queueOf(db, key).executeTakeFirst();
  if (queue === undefined) throw notFound("review queue", key.id);
  return queue;
}

function queueOf(db: Database | DatabaseTransaction, { project_id, id }: QueueKey) {
  return db.selectFrom("review_queues").selectAll().where("project_id", "=", project_id).where("id", "=", id);
}

/** Whether a review holds one of its item's slots. */
export function holdsSlot(review: string): RawBuilder<SqlBool> {
  const status = sql.ref(`${review}.status`);
  return sql`(${status} = 'COMPLETED' or ${status} = 'CLAIMED' and ${sql.ref(`${review}.claimed_until`)} > now_ms())`;
}

/** The rows of {@link itemStates}. */
export interface ItemState {
  readonly queue_id: string;
  readonly id: string;
  readonly position: number;
  readonly trace_id: string | null;
  readonly session_id: string | null;
  readonly is_completed: boolean;
  readonly status: ReviewItemStatus;
}

/** The items of these queues, each with its status. */
export function itemStates(projectId: string, queueIds: readonly string[]): RawBuilder<ItemState> {
  return sql`(
    select item.queue_id, item.id, item.position, item.trace_id, item.session_id,
      done.completed >= queue.reviewers_per_item as is_completed,
      case when done.completed >= queue.reviewers_per_item then 'COMPLETED'
        when done.is_claimed then 'CLAIMED' when done.is_skipped then 'SKIPPED' else 'OPEN' end as status
    from review_queues queue
    join review_items item on item.project_id = queue.project_id and item.queue_id = queue.id
    cross join lateral (
      select count(*) filter (where review.status = 'COMPLETED') as completed,
        bool_or(review.status = 'CLAIMED' and review.claimed_until > now_ms()) as is_claimed,
        bool_or(review.status = 'SKIPPED') as is_skipped
      from reviews review
      where review.project_id = item.project_id and review.queue_id = item.queue_id and review.item_id = item.id
    ) done
    where queue.project_id = ${projectId} and queue.id = any(${queueIds}::uuid[]))`;
}
