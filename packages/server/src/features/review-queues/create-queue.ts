import { randomInt } from "node:crypto";
import type { CreateReviewQueueRequest, ReviewQueueResponse } from "@pandaprobe/contract";
import {
  checkQueueCount,
  checkReviewedRun,
  notFound,
  nothingToReview,
  reviewedMetric,
} from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { toJson } from "../../db/storable.ts";
import { inTransaction } from "../../db/transaction.ts";
import { findOwnMetrics } from "../metrics/own-metrics.ts";
import { drawItems } from "./draw-items.ts";
import { getQueue } from "./read-queues.ts";

/**
 * Creates a queue with all its items, or not at all.
 *
 * @throws ProblemError `not_found`, `run_in_progress`, `unknown_metric`, `nothing_matches`, `quota_exceeded`
 */
export async function createQueue(
  db: Database | DatabaseTransaction,
  projectId: string,
  request: CreateReviewQueueRequest,
): Promise<ReviewQueueResponse> {
  const { name, target_type, from, order, size, reviewers_per_item, blind, claim_seconds } = request;
  return inTransaction(db, async (transaction) => {
    checkQueueCount(await countQueues(transaction, projectId));
    const runId = from.run_id ?? null;
    if (runId !== null) await checkRun(transaction, projectId, runId, target_type);
    const queue = {
      project_id: projectId,
      id: uuidv7(),
      target_type,
      metrics: await reviewedMetrics(transaction, projectId, request),
      filters: from.filters ?? {},
      run_id: runId,
      item_order: order,
      seed: request.seed ?? randomInt(2 ** 32),
    };
    await transaction
      .insertInto("review_queues")
      .values({
        ...queue,
        name,
        metrics: toJson(queue.metrics),
        filters: toJson(queue.filters),
        reviewers_per_item,
        blind,
        claim_seconds,
      })
      .execute();
    if ((await drawItems(transaction, queue, size)) === 0) throw nothingToReview(target_type, order);
    // Makes the project's other creations wait, so that the count stays correct until commit. Done last, because
    // drawing takes time.
    await sql`select from projects where id = ${projectId} for no key update`.execute(transaction);
    checkQueueCount((await countQueues(transaction, projectId)) - 1);
    return getQueue(transaction, queue);
  });
}

async function countQueues(db: DatabaseTransaction, projectId: string): Promise<number> {
  const { count } = await db
    .selectFrom("review_queues")
    .select((row) => row.fn.countAll<number>().as("count"))
    .where("project_id", "=", projectId)
    .executeTakeFirstOrThrow();
  return count;
}

/** Locks the run, so that it stays until the queue is stored. */
async function checkRun(
  db: DatabaseTransaction,
  projectId: string,
  runId: string,
  type: CreateReviewQueueRequest["target_type"],
): Promise<void> {
  const run = await db
    .selectFrom("eval_runs")
    .select(["id", "status", "target_type"])
    .where("project_id", "=", projectId)
    .where("id", "=", runId)
    .forKeyShare()
    .executeTakeFirst();
  if (run === undefined) throw notFound("run", runId);
  checkReviewedRun(run, type);
}

async function reviewedMetrics(
  db: DatabaseTransaction,
  projectId: string,
  { target_type, metrics }: CreateReviewQueueRequest,
) {
  const names = metrics.map((metric) => metric.name);
  const own = await findOwnMetrics(db, projectId, names);
  return metrics.map((metric) => reviewedMetric(target_type, metric, own.get(metric.name)));
}
