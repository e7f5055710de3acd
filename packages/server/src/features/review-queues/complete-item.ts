import type { CompletedReview, CompleteReviewItemRequest, ReviewedScore } from "@pandaprobe/contract";
import { type CheckedScore, checkedScores, labelMetadata, notFound } from "@pandaprobe/contract/rules";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";
import { inTransaction } from "../../db/transaction.ts";
import { scoresWhere } from "../scores/score-rows.ts";
import { createSessionScore, createTraceScore, deleteScore, updateScore } from "../scores/write-scores.ts";
import { checkSlot, reviewOf, setReview } from "./hold-slot.ts";
import { judgeVerdicts, type ReviewTarget } from "./judge-verdicts.ts";
import { findQueue, lockQueue, type QueueKey, type ReviewQueue, scorePlaces } from "./queue-rows.ts";
import { progressOf } from "./read-queues.ts";

/**
 * Stores a reviewer's scores of an item, replacing earlier ones.
 *
 * @throws ProblemError `not_found`; `validation_error` for scores that do not fit the queue; `claim_lost`
 */
export async function completeItem(
  db: Database,
  key: QueueKey,
  itemId: string,
  { reviewer, scores }: CompleteReviewItemRequest,
): Promise<CompletedReview> {
  return inTransaction(db, async (transaction) => {
    const { metrics } = await findQueue(transaction, key);
    const given = checkedScores(metrics, scores);
    const item = await lockTarget(transaction, key, itemId);
    const queue = await lockQueue(transaction, key);
    const mine = await reviewOf(transaction, queue, itemId, reviewer);
    await checkSlot(transaction, queue, itemId, { reviewer, mine });
    const stored = await storeScores(transaction, queue, item, reviewer, mine, given);
    const score_ids = stored.map(({ score_id }) => score_id);
    await setReview(transaction, queue, itemId, { reviewer, mine }, { status: "COMPLETED", score_ids });
    return {
      scores: stored,
      verdicts: await judgeVerdicts(transaction, queue, item, given),
      progress: await progressOf(transaction, key, reviewer),
    };
  });
}

/** Locks a trace of the item, so that its item and its scores stay. @throws ProblemError `not_found` */
async function lockTarget(
  db: DatabaseTransaction,
  { project_id, id }: QueueKey,
  itemId: string,
): Promise<ReviewTarget> {
  const item = await db
    .selectFrom("review_items")
    .select(["trace_id", "session_id"])
    .where("project_id", "=", project_id)
    .where("queue_id", "=", id)
    .where("id", "=", itemId)
    .executeTakeFirst();
  const trace =
    item &&
    (await db
      .selectFrom("traces")
      .select("trace_id")
      .where("project_id", "=", project_id)
      .where((row) =>
        item.trace_id === null
          ? row("session_id", "=", item.session_id)
          : row("trace_id", "=", item.trace_id),
      )
      .orderBy("trace_id")
      .limit(1)
      .forKeyShare()
      .executeTakeFirst());
  if (item === undefined || trace === undefined) throw notFound("review item", itemId);
  return item;
}

async function storeScores(
  db: DatabaseTransaction,
  queue: ReviewQueue,
  target: ReviewTarget,
  reviewer: string,
  mine: Row<"reviews"> | undefined,
  given: readonly CheckedScore[],
): Promise<ReviewedScore[]> {
  const { table } = scorePlaces[queue.target_type];
  const before = new Map<string, { readonly id: string; readonly said: string }>();
  if (mine !== undefined && mine.score_ids.length > 0) {
    const scores = await scoresWhere(db, table, queue.project_id, {})
      .select(["id", "name", "value", "reason"])
      .where("id", "in", mine.score_ids)
      .execute();
    for (const { id, name, ...said } of scores) before.set(name, { id, said: wordsOf(said) });
  }
  const stored: ReviewedScore[] = [];
  for (const score of given) {
    const { name, data_type, value, reason } = score;
    const known = before.get(name);
    before.delete(name);
    let id = known?.id;
    if (id === undefined) ({ id } = await createScore(db, queue, target, reviewer, score));
    // A repeated request creates no revision.
    else if (known?.said !== wordsOf(score))
      await updateScore(db, table, queue.project_id, id, { value, reason });
    stored.push({ score_id: id, name, data_type, value, reason });
  }
  for (const { id } of before.values()) await deleteScore(db, table, queue.project_id, id);
  return stored;
}

function wordsOf({ value, reason }: { readonly value: string | null; readonly reason: string | null }) {
  return JSON.stringify([value, reason]);
}

async function createScore(
  db: DatabaseTransaction,
  queue: ReviewQueue,
  { trace_id, session_id }: ReviewTarget,
  reviewer: string,
  score: CheckedScore,
): Promise<{ readonly id: string }> {
  const label = {
    ...score,
    source: "ANNOTATION" as const,
    author_user_id: reviewer,
    metadata: labelMetadata({ id: queue.id, order: queue.item_order }),
  };
  if (trace_id !== null) return createTraceScore(db, queue.project_id, { trace_id, ...label });
  return createSessionScore(db, queue.project_id, { session_id: session_id ?? "", ...label });
}
