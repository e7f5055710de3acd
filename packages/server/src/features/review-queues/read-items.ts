import type { ItemReview, ReviewItem, ReviewItemStatus } from "@pandaprobe/contract";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { inPieces, type PageInPieces } from "../pieces.ts";
import { findQueue, type ItemState, itemStates, type QueueKey } from "./queue-rows.ts";

interface ItemQuery {
  readonly status?: ReviewItemStatus | undefined;
  readonly reviewer?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** In the order of the queue. @throws ProblemError `not_found` */
export async function listItems(
  db: Database,
  key: QueueKey,
  { status, reviewer, limit, offset }: ItemQuery,
): Promise<PageInPieces<ReviewItem>> {
  const { project_id, id: queueId } = await findQueue(db, key);
  const reviewsOf = (item: RawBuilder<unknown>) => sql`
    from reviews review
    where review.project_id = ${project_id} and review.queue_id = ${queueId} and review.item_id = ${item}
      and (review.status <> 'CLAIMED' or review.claimed_until > now_ms())`;
  const conditions: RawBuilder<SqlBool>[] = [
    ...(status === undefined ? [] : [sql<SqlBool>`item.status = ${status}`]),
    ...(reviewer === undefined
      ? []
      : [sql<SqlBool>`exists (select ${reviewsOf(sql`item.id`)} and review.reviewer = ${reviewer})`]),
  ];
  const matching = sql`
    from ${itemStates(project_id, [queueId])} item
    where ${conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)}`;
  const { rows: planned } = await sql<{ id: string; bytes: number; total: number }>`
    select id, total, (select coalesce(sum(octet_length(reviewer) + octet_length(coalesce(reason, ''))), 0)
      ${reviewsOf(sql`place.id`)}) as bytes
    from (
      select item.id, item.position, count(*) over () as total ${matching}
      order by item.position limit ${limit} offset ${offset}
    ) place
    order by position`.execute(db);
  const total = planned[0]?.total ?? (offset === 0 ? 0 : await countItems(db, matching));
  const read = async (ids: string[]) => {
    const [states, reviews] = await Promise.all([
      sql<ItemState>`
        select * from ${itemStates(project_id, [queueId])} item where item.id = any(${ids}::uuid[])`.execute(
        db,
      ),
      db
        .selectFrom("reviews")
        .select(["item_id", "reviewer", "status", "claimed_until", "ended_at", "reason", "score_ids"])
        .where("project_id", "=", project_id)
        .where("queue_id", "=", queueId)
        .where("item_id", "in", ids)
        .where(sql<SqlBool>`(status <> 'CLAIMED' or claimed_until > now_ms())`)
        .orderBy(sql`reviewer collate "C"`)
        .execute(),
    ]);
    const byItem = Map.groupBy(reviews, ({ item_id }) => item_id);
    return states.rows.map((state) => itemResponse(state, byItem.get(state.id) ?? []));
  };
  return { total, limit, offset, pieces: inPieces(planned, read) };
}

async function countItems(db: Database, matching: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ total: number }>`select count(*) as total ${matching}`.execute(db);
  return rows[0]?.total ?? 0;
}

function itemResponse(
  { id, queue_id, position, trace_id, session_id, status }: ItemState,
  reviews: readonly (ItemReview & { readonly item_id: string })[],
): ReviewItem {
  return {
    id,
    queue_id,
    position: position + 1,
    trace_id,
    session_id,
    status,
    reviews: reviews.map(({ item_id: _, ...review }) => review),
  };
}
