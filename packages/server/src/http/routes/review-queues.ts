import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { deleteQueue, updateQueue } from "../../features/review-queues/change-queue.ts";
import { claimItem } from "../../features/review-queues/claim-item.ts";
import { completeItem } from "../../features/review-queues/complete-item.ts";
import { createQueue } from "../../features/review-queues/create-queue.ts";
import { releaseItem, skipItem } from "../../features/review-queues/leave-item.ts";
import { listItems } from "../../features/review-queues/read-items.ts";
import { getQueue, listQueues } from "../../features/review-queues/read-queues.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";
import { idempotentWrite } from "../idempotent-write.ts";
import { streamPage } from "../json-stream.ts";

export function reviewQueueRoutes({ db }: HttpContext) {
  const { reviewQueues } = contract;
  return initServer().router(reviewQueues, {
    createReviewQueue: idempotentWrite(
      db,
      reviewQueues.createReviewQueue,
      async ({ request, body }, scope) => {
        const queue = await createQueue(scope.db, scope.projectId, body);
        request.audited = { subject: queue.id, details: { name: queue.name } };
        return { status: 201, body: queue };
      },
      { reread: (project_id, id) => getQueue(db, { project_id, id }) },
    ),
    listReviewQueues: async ({ request, reply, query }) => ({
      status: 200,
      body: await streamPage(await listQueues(db, callerOf(request).projectId, query), reply),
    }),
    getReviewQueue: async ({ request, params }) => ({
      status: 200,
      body: await getQueue(db, queueKey(request, params)),
    }),
    updateReviewQueue: async ({ request, params, body }) => ({
      status: 200,
      body: await updateQueue(db, queueKey(request, params), body),
    }),
    deleteReviewQueue: async ({ request, params }) => {
      await deleteQueue(db, queueKey(request, params));
      return { status: 204, body: undefined };
    },
  });
}

export function reviewItemRoutes({ db }: HttpContext) {
  return initServer().router(contract.reviewItems, {
    listReviewItems: async ({ request, reply, params, query }) => ({
      status: 200,
      body: await streamPage(await listItems(db, queueKey(request, params), query), reply),
    }),
    claimReviewItem: async ({ request, params, body }) => ({
      status: 200,
      body: await claimItem(db, queueKey(request, params), body),
    }),
    completeReviewItem: async ({ request, params, body }) => ({
      status: 200,
      body: await completeItem(db, queueKey(request, params), params.item_id, body),
    }),
    skipReviewItem: async ({ request, params, body }) => ({
      status: 200,
      body: await skipItem(db, queueKey(request, params), params.item_id, body),
    }),
    releaseReviewItem: async ({ request, params, body }) => ({
      status: 200,
      body: await releaseItem(db, queueKey(request, params), params.item_id, body.reviewer),
    }),
  });
}

function queueKey(request: Parameters<typeof callerOf>[0], { queue_id }: { readonly queue_id: string }) {
  return { project_id: callerOf(request).projectId, id: queue_id };
}
