import type { ClaimedReviewItem, ClaimReviewItemRequest, ReviewClaim } from "@pandaprobe/contract";
import { notFound, nothingToClaim } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";
import { inTransaction } from "../../db/transaction.ts";
import { checkSlot, reviewOf, setReview } from "./hold-slot.ts";
import { judgeVerdicts } from "./judge-verdicts.ts";
import { holdsSlot, itemStates, lockQueue, type QueueKey, type ReviewQueue } from "./queue-rows.ts";
import { progressOf } from "./read-queues.ts";

type Item = Row<"review_items">;

/** Claims the next item of a queue for a reviewer, or the item that they ask for. @throws ProblemError `not_found`, `claim_lost` */
export async function claimItem(
  db: Database,
  key: QueueKey,
  { reviewer, item_id: itemId }: ClaimReviewItemRequest,
): Promise<ReviewClaim> {
  return inTransaction(db, async (transaction) => {
    const queue = await lockQueue(transaction, key);
    if (queue.target_type === "SESSION") await removeVanishedSessions(transaction, key);
    const isClosed = queue.closed_at !== null;
    const item = isClosed ? undefined : await chooseItem(transaction, queue, reviewer, itemId);
    const claimed = item && (await holdItem(transaction, queue, item, reviewer));
    const progress = await progressOf(transaction, key, reviewer);
    if (claimed !== undefined) return { item: claimed, note: null, retry_at: null, progress };
    const retryAt = isClosed ? null : await firstEnd(transaction, key, reviewer);
    return { item: null, note: nothingToClaim(isClosed, progress), retry_at: retryAt, progress };
  });
}

/** A session is just an id that traces share, so nothing removes its items when the last trace is deleted. */
async function removeVanishedSessions(db: DatabaseTransaction, { project_id, id }: QueueKey): Promise<void> {
  await sql`
    delete from review_items item
    where item.project_id = ${project_id} and item.queue_id = ${id} and not exists (
      select from traces where traces.project_id = item.project_id and traces.session_id = item.session_id)`.execute(
    db,
  );
}

async function chooseItem(
  db: DatabaseTransaction,
  queue: ReviewQueue,
  reviewer: string,
  itemId: string | undefined,
): Promise<Item | undefined> {
  const { project_id, id } = queue;
  const own = sql`mine.status = 'CLAIMED' and mine.claimed_until > now_ms()`;
  const isNext = sql`
    coalesce(mine.status, 'CLAIMED') = 'CLAIMED' and (
      select count(*) from reviews other
      where other.project_id = item.project_id and other.queue_id = item.queue_id and other.item_id = item.id
        and other.reviewer <> ${reviewer} and ${holdsSlot("other")}
    ) < ${queue.reviewers_per_item}`;
  // Only deletions of traces lock items without holding the queue's lock.
  const { rows } = await sql<Item>`
    select item.* from review_items item
    left join reviews mine on mine.project_id = item.project_id and mine.queue_id = item.queue_id
      and mine.item_id = item.id and mine.reviewer = ${reviewer}
    where item.project_id = ${project_id} and item.queue_id = ${id}
      and ${itemId === undefined ? isNext : sql`item.id = ${itemId}`}
    order by coalesce(${own}, false) desc, item.position
    limit 1
    for key share of item skip locked`.execute(db);
  const [item] = rows;
  if (item === undefined && itemId !== undefined) throw notFound("review item", itemId);
  return item;
}

async function holdItem(
  db: DatabaseTransaction,
  queue: ReviewQueue,
  { id, queue_id, position, trace_id, session_id }: Item,
  reviewer: string,
): Promise<ClaimedReviewItem> {
  const mine = await reviewOf(db, queue, id, reviewer);
  await checkSlot(db, queue, id, { reviewer, mine });
  const isCompleted = mine?.status === "COMPLETED";
  const review = isCompleted
    ? mine
    : await setReview(db, queue, id, { reviewer, mine }, { status: "CLAIMED" });
  const verdicts =
    queue.blind && !isCompleted ? null : await judgeVerdicts(db, queue, { trace_id, session_id }, []);
  const { claimed_until } = review;
  return { id, queue_id, position: position + 1, trace_id, session_id, claimed_until, verdicts };
}

/** When the first claim of another reviewer ends on an item that this one could do; null if there is none. */
async function firstEnd(
  db: DatabaseTransaction,
  { project_id, id }: QueueKey,
  reviewer: string,
): Promise<string | null> {
  const { rows } = await sql<{ ends: string | null }>`
    select min(other.claimed_until) as ends
    from ${itemStates(project_id, [id])} item
    join reviews other on other.project_id = ${project_id} and other.queue_id = item.queue_id
      and other.item_id = item.id and other.status = 'CLAIMED' and other.claimed_until > now_ms()
    where not item.is_completed and not exists (
      select from reviews mine
      where mine.project_id = ${project_id} and mine.queue_id = item.queue_id and mine.item_id = item.id
        and mine.reviewer = ${reviewer} and mine.status <> 'CLAIMED')`.execute(db);
  return rows[0]?.ends ?? null;
}
