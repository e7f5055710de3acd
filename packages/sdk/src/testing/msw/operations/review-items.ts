import {
  type contract,
  type ItemReview,
  type JudgeOfReview,
  limits,
  type ReviewVerdict,
} from "@pandaprobe/contract";
import {
  type CheckedScore,
  checkedScores,
  checkReviewerCount,
  claimLost,
  isApplicable,
  labelMetadata,
  nothingToClaim,
  notSkippable,
  reviewVerdicts,
} from "@pandaprobe/contract/rules";
import { newestFirst, pageOf } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";
import {
  findItem,
  findQueue,
  hasSlot,
  isCompleted,
  progressOf,
  type QueueNow,
  reviewsOf,
  shownItem,
} from "../reviews/stored-queue.ts";
import { judgesVersion } from "../scores/judges-version.ts";
import { changeScore, sentScore } from "../scores/write-scores.ts";
import { isoTime } from "../state/clock.ts";
import type { AnyScore, Project, StoredReviewItem, StoredScore } from "../state/project.ts";
import { sessionTraces } from "../traces/sessions.ts";
import { sessionContent, traceContent } from "../traces/trace-content.ts";
import { findTrace } from "../traces/trace-store.ts";
import type { World } from "../world.ts";

export const reviewItems: Handlers<typeof contract.reviewItems> = {
  listReviewItems({ path, query, world, project }) {
    const at = findQueue(world, project, path.queue_id);
    const items = at.queue.items
      .map((item) => shownItem(at, item))
      .filter(({ status }) => query.status === undefined || status === query.status)
      .filter(
        ({ reviews }) =>
          query.reviewer === undefined || reviews.some(({ reviewer }) => reviewer === query.reviewer),
      );
    return pageOf(items, query);
  },
  claimReviewItem({ path, body, world, project }) {
    const at = findQueue(world, project, path.queue_id);
    const { fields, items } = at.queue;
    if (fields.target_type === "SESSION") {
      at.queue.items = items.filter(({ session_id: id }) => sessionTraces(project, id ?? "").length > 0);
    }
    const { reviewer, item_id } = body;
    const isClosed = fields.closed_at !== null;
    const item = isClosed
      ? undefined
      : item_id === undefined
        ? nextItem(at, reviewer)
        : findItem(at, item_id);
    if (item === undefined) {
      const progress = progressOf(at, reviewer);
      const retry_at = isClosed ? null : firstEnd(at, reviewer);
      return { item: null, note: nothingToClaim(isClosed, progress), retry_at, progress };
    }
    checkSlot(at, item, reviewer);
    const isDone = item.reviews.get(reviewer)?.status === "COMPLETED";
    const until = isoTime(world.clock.now() + fields.claim_seconds * 1000);
    if (!isDone) setReview(at, item, { ...claim(reviewer), claimed_until: until });
    const { id, queue_id, position, trace_id, session_id } = item;
    const verdicts = fields.blind && !isDone ? null : verdictsOf(project, at, item, []);
    const claimed = {
      id,
      queue_id,
      position,
      trace_id,
      session_id,
      claimed_until: isDone ? null : until,
      verdicts,
    };
    return { item: claimed, note: null, retry_at: null, progress: progressOf(at, reviewer) };
  },
  completeReviewItem({ path, body, world, project }) {
    const at = findQueue(world, project, path.queue_id);
    const given = checkedScores(at.queue.fields.metrics, body.scores);
    const item = findItem(at, path.item_id);
    const { reviewer } = body;
    checkSlot(at, item, reviewer);
    const scores = storeScores(world, project, at, item, reviewer, given);
    setReview(at, item, {
      ...claim(reviewer),
      status: "COMPLETED",
      ended_at: at.now,
      score_ids: scores.map(({ score_id }) => score_id),
    });
    return { scores, verdicts: verdictsOf(project, at, item, given), progress: progressOf(at, reviewer) };
  },
  skipReviewItem({ path, body, world, project }) {
    const at = findQueue(world, project, path.queue_id);
    const item = findItem(at, path.item_id);
    const { reviewer, reason = null } = body;
    if (item.reviews.get(reviewer)?.status === "COMPLETED") throw notSkippable();
    setReview(at, item, { ...claim(reviewer), status: "SKIPPED", ended_at: at.now, reason });
    return progressOf(at, reviewer);
  },
  releaseReviewItem({ path, body, world, project }) {
    const at = findQueue(world, project, path.queue_id);
    const { reviews } = findItem(at, path.item_id);
    if (reviews.get(body.reviewer)?.status !== "COMPLETED") reviews.delete(body.reviewer);
    return progressOf(at, body.reviewer);
  },
};

function claim(reviewer: string): ItemReview {
  return { reviewer, status: "CLAIMED", claimed_until: null, ended_at: null, reason: null, score_ids: [] };
}

/** The reviewer's open claim, or the first item that they can do. */
function nextItem(at: QueueNow, reviewer: string): StoredReviewItem | undefined {
  const { items } = at.queue;
  const open = items.find((item) =>
    reviewsOf(at, item).some((review) => review.reviewer === reviewer && review.status === "CLAIMED"),
  );
  return open ?? items.find((item) => isUndone(item, reviewer) && hasSlot(at, item, reviewer));
}

function isUndone({ reviews }: StoredReviewItem, reviewer: string): boolean {
  return (reviews.get(reviewer)?.status ?? "CLAIMED") === "CLAIMED";
}

/** When the first claim of another reviewer ends on an item that this reviewer could do. */
function firstEnd(at: QueueNow, reviewer: string): string | null {
  const ends = at.queue.items
    .filter((item) => isUndone(item, reviewer) && !isCompleted(at, item))
    .flatMap((item) => reviewsOf(at, item).flatMap(({ claimed_until: until }) => until ?? []));
  return ends.sort()[0] ?? null;
}

/** @throws ProblemError `claim_lost` */
function checkSlot(at: QueueNow, item: StoredReviewItem, reviewer: string): void {
  const isDone = item.reviews.get(reviewer)?.status === "COMPLETED";
  if (!isDone && !hasSlot(at, item, reviewer)) throw claimLost(at.queue.fields.target_type);
}

/** @throws ProblemError `quota_exceeded` for one reviewer too many. */
function setReview({ queue }: QueueNow, { reviews }: StoredReviewItem, review: ItemReview): void {
  const known = new Set(queue.items.flatMap((item) => [...item.reviews.keys()]));
  if (!known.has(review.reviewer)) checkReviewerCount(known.size);
  reviews.set(review.reviewer, review);
}

/** Stores a reviewer's scores, replacing earlier ones. */
function storeScores(
  world: World,
  project: Project,
  { queue }: QueueNow,
  { trace_id, session_id, reviews }: StoredReviewItem,
  reviewer: string,
  given: readonly CheckedScore[],
) {
  const { traceScores, sessionScores } = project;
  const stored = trace_id === null ? sessionScores : traceScores;
  const before = new Map<string, StoredScore<AnyScore>>();
  for (const id of reviews.get(reviewer)?.score_ids ?? []) {
    const score = stored.get(id);
    if (score !== undefined) before.set(score.score.name, score);
  }
  const contentNow = () =>
    trace_id === null
      ? sessionContent(project, session_id ?? "")
      : traceContent(findTrace(project, trace_id));
  const scores = given.map((score) => {
    const { name, data_type, value, reason } = score;
    const known = before.get(name);
    before.delete(name);
    if (known !== undefined) {
      // A repeated request creates no revision.
      if (known.score.value !== value || known.score.reason !== reason)
        changeScore(world, known, { value, reason }, contentNow);
      return { score_id: known.score.id, name, data_type, value, reason };
    }
    const source = "ANNOTATION" as const;
    const metadata = labelMetadata(queue.fields);
    const label = { ...score, source, author_user_id: reviewer, metadata };
    const content = contentNow();
    if (trace_id === null) {
      const session = { session_id: session_id ?? "", ...label };
      const made = { ...sentScore(world, project, session), session_id: session.session_id, content };
      sessionScores.set(made.id, { score: made, revisions: [] });
      return { score_id: made.id, name, data_type, value, reason };
    }
    const { environment } = findTrace(project, trace_id).fields;
    const sent = sentScore(world, project, { trace_id, ...label });
    const made = { ...sent, trace_id, environment, config_id: null, content };
    traceScores.set(made.id, { score: made, revisions: [] });
    return { score_id: made.id, name, data_type, value, reason };
  });
  for (const { score } of before.values()) stored.delete(score.id);
  return scores;
}

/** The judges' verdicts on an item: the newest score of each of the queue's metrics. */
function verdictsOf(
  project: Project,
  { queue }: QueueNow,
  { trace_id, session_id }: StoredReviewItem,
  given: readonly CheckedScore[],
): ReviewVerdict[] {
  const all: readonly StoredScore<AnyScore>[] = [
    ...(trace_id === null ? project.sessionScores : project.traceScores).values(),
  ];
  const judges = new Map<string, JudgeOfReview>();
  for (const { id } of newestFirst(all.map(({ score }) => score)).toReversed()) {
    const stored = all.find(({ score }) => score.id === id);
    const judged = stored && judgesVersion(stored);
    if (stored === undefined || judged === undefined) continue;
    const { score } = stored;
    if (("session_id" in score ? score.session_id : score.trace_id) !== (trace_id ?? session_id)) continue;
    const { value, status, source, reason, metadata } = judged;
    const model = metadata["model"];
    judges.set(score.name, {
      score_id: id,
      value,
      data_type: score.data_type,
      status,
      applicable: isApplicable(metadata),
      reason: reason?.slice(0, limits.reviewQueue.judgeReason) ?? null,
      source,
      model: typeof model === "string" ? model : null,
    });
  }
  return reviewVerdicts(queue.fields.metrics, judges, given);
}
