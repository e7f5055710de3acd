import type { ReviewerProgress, ReviewQueueResponse, ReviewQueueSummary } from "@pandaprobe/contract";
import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { storedBytes } from "../../db/stored-bytes.ts";
import { inPieces, type PageInPieces } from "../pieces.ts";
import { findQueue, itemStates, type QueueKey, type ReviewQueue } from "./queue-rows.ts";

type Db = Database | DatabaseTransaction;

/** @throws ProblemError `not_found` */
export async function getQueue(db: Db, key: QueueKey): Promise<ReviewQueueResponse> {
  const queue = await findQueue(db, key);
  const [summary] = await summaries(db, key.project_id, [queue]);
  if (summary === undefined) throw new TypeError("A queue has counts.");
  return { ...summary, reviewers: await progressOfAll(db, key) };
}

/** Newest first. */
export async function listQueues(
  db: Database,
  projectId: string,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<PageInPieces<ReviewQueueSummary>> {
  const queues = db.selectFrom("review_queues").where("project_id", "=", projectId);
  const [{ total }, planned] = await Promise.all([
    queues.select((row) => row.fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    queues
      .select(["id", sql<number>`${storedBytes("metrics")} + ${storedBytes("filters")}`.as("bytes")])
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .limit(limit)
      .offset(offset)
      .execute(),
  ]);
  const read = async (ids: string[]) =>
    summaries(db, projectId, await queues.selectAll().where("id", "in", ids).execute());
  return { total, limit, offset, pieces: inPieces(planned, read) };
}

async function summaries(
  db: Db,
  projectId: string,
  queues: readonly ReviewQueue[],
): Promise<ReviewQueueSummary[]> {
  const { rows } = await sql<Record<"items" | "completed" | "claimed" | "skipped", number> & { id: string }>`
    select item.queue_id as id, count(*) as items, count(*) filter (where status = 'COMPLETED') as completed,
      count(*) filter (where status = 'CLAIMED') as claimed, count(*) filter (where status = 'SKIPPED') as skipped
    from ${itemStates(
      projectId,
      queues.map(({ id }) => id),
    )} item
    group by item.queue_id`.execute(db);
  const counts = new Map(rows.map((row) => [row.id, row]));
  return queues.map((queue) => {
    const { items = 0, completed = 0, claimed = 0, skipped = 0 } = counts.get(queue.id) ?? {};
    const { project_id: _project, item_order: order, ...fields } = queue;
    return {
      ...fields,
      order,
      item_count: items,
      completed_count: completed,
      claimed_count: claimed,
      skipped_count: skipped,
      remaining_count: items - completed,
    };
  });
}

/** The progress of each person who completed or skipped items, by name. */
async function progressOfAll(db: Db, { project_id, id }: QueueKey): Promise<ReviewerProgress[]> {
  const { rows } = await sql<ReviewerProgress>`
    with item as materialized (select * from ${itemStates(project_id, [id])} state)
    select review.reviewer, count(*) filter (where review.status = 'COMPLETED') as completed_count,
      count(*) filter (where review.status = 'SKIPPED') as skipped_count,
      (select count(*) from item where not is_completed) - count(*) filter (where not item.is_completed)
        as remaining_count
    from reviews review
    join item on item.id = review.item_id
    where review.project_id = ${project_id} and review.queue_id = ${id} and review.status <> 'CLAIMED'
    group by review.reviewer
    order by review.reviewer collate "C"`.execute(db);
  return rows;
}

/** What this reviewer has done, and what is still to do. */
export async function progressOf(
  db: Db,
  { project_id, id }: QueueKey,
  reviewer: string,
): Promise<ReviewerProgress> {
  const { rows } = await sql<Omit<ReviewerProgress, "reviewer">>`
    select count(*) filter (where mine.status = 'COMPLETED') as completed_count,
      count(*) filter (where mine.status = 'SKIPPED') as skipped_count,
      count(*) filter (where not item.is_completed and coalesce(mine.status, 'CLAIMED') = 'CLAIMED')
        as remaining_count
    from ${itemStates(project_id, [id])} item
    left join reviews mine on mine.project_id = ${project_id} and mine.queue_id = item.queue_id
      and mine.item_id = item.id and mine.reviewer = ${reviewer}`.execute(db);
  const [counts] = rows;
  if (counts === undefined) throw new TypeError("An aggregate has a row.");
  return { reviewer, ...counts };
}
