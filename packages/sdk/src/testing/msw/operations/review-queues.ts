import type { CreateReviewQueueRequest, contract } from "@pandaprobe/contract";
import {
  checkQueueCount,
  checkReviewedRun,
  notFound,
  nothingToReview,
  reviewedMetric,
} from "@pandaprobe/contract/rules";
import { newestFirst, pageOf } from "../lists.ts";
import { latestMetric } from "../metrics/latest-metrics.ts";
import type { Handlers } from "../operation-handler.ts";
import { drawTargets } from "../reviews/draw-targets.ts";
import { findQueue, shownQueue } from "../reviews/stored-queue.ts";
import { isoTime } from "../state/clock.ts";
import type { Project, StoredReviewItem } from "../state/project.ts";

export const reviewQueues: Handlers<typeof contract.reviewQueues> = {
  createReviewQueue({ body, world, project, audited }) {
    const { name, target_type, from, order, reviewers_per_item, blind, claim_seconds } = body;
    checkQueueCount(project.reviewQueues.size);
    checkRun(project, body);
    const metrics = body.metrics.map((metric) =>
      reviewedMetric(target_type, metric, latestMetric(project, metric.name)),
    );
    const seed = body.seed ?? 1;
    const targets = drawTargets(project, body, metrics, seed);
    if (targets.length === 0) throw nothingToReview(target_type, order);
    const id = world.ids.next();
    const at = isoTime(world.clock.now());
    const settings = { name, target_type, metrics, order, seed, reviewers_per_item, blind, claim_seconds };
    const fields = {
      id,
      ...settings,
      run_id: from.run_id ?? null,
      filters: from.filters ?? {},
      closed_at: null,
      created_at: at,
      updated_at: at,
    };
    const items = targets.map(
      (target, i): StoredReviewItem => ({
        id: world.ids.next(),
        queue_id: id,
        position: i + 1,
        trace_id: target_type === "TRACE" ? target : null,
        session_id: target_type === "SESSION" ? target : null,
        reviews: new Map(),
      }),
    );
    project.reviewQueues.set(id, { fields, items });
    audited.subject = id;
    audited.details = { name };
    return shownQueue(findQueue(world, project, id));
  },
  listReviewQueues({ query, world, project }) {
    const all = [...project.reviewQueues.values()].map(({ fields }) => fields);
    const page = pageOf(newestFirst(all), query);
    const items = page.items.map(({ id }) => {
      const { reviewers: _, ...summary } = shownQueue(findQueue(world, project, id));
      return summary;
    });
    return { ...page, items };
  },
  getReviewQueue: ({ path, world, project }) => shownQueue(findQueue(world, project, path.queue_id)),
  updateReviewQueue({ path, body, world, project }) {
    const at = findQueue(world, project, path.queue_id);
    const { fields } = at.queue;
    at.queue.fields = {
      ...fields,
      name: body.name ?? fields.name,
      ...(body.closed !== undefined && { closed_at: body.closed ? (fields.closed_at ?? at.now) : null }),
      updated_at: at.now,
    };
    return shownQueue(at);
  },
  deleteReviewQueue({ path, project }) {
    if (!project.reviewQueues.delete(path.queue_id)) throw notFound("review queue", path.queue_id);
    return undefined;
  },
};

function checkRun(project: Project, { from, target_type }: CreateReviewQueueRequest): void {
  if (from.run_id === undefined) return;
  const run = project.runs.get(from.run_id);
  if (run === undefined) throw notFound("run", from.run_id);
  checkReviewedRun(run.response, target_type);
}
