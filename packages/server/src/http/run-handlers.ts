import { ServerResponse } from "node:http";
import type { EvaluationStatus, RetryEvalRunRequest, ScorePreference } from "@pandaprobe/contract";
import { invalidCredentials } from "@pandaprobe/contract/rules";
import type { FastifyRequest } from "fastify";
import type { RunKey } from "../db/run-key.ts";
import { retryRun } from "../features/runs/create/retry-run.ts";
import { cancelRun, deleteRun } from "../features/runs/finish/end-run.ts";
import { waitForRunChange } from "../features/runs/read/follow-run.ts";
import { findRun, getRun, listRuns } from "../features/runs/read/read-runs.ts";
import type { TargetKind } from "../features/runs/target-kinds/target-kind.ts";
import { callerOf } from "./auth.ts";
import { closedSignal } from "./closed-signal.ts";
import type { HttpContext } from "./context.ts";
import type { WriteScope } from "./idempotent-write.ts";
import { streamArray, streamPage } from "./json-stream.ts";
import { preferredWait } from "./preferred-wait.ts";
import { runEvents } from "./run-events.ts";

interface Request {
  readonly request: FastifyRequest;
}

interface Reply {
  readonly reply: { readonly raw: unknown; header(name: string, value: string): unknown };
}

interface OfRun extends Request {
  readonly params: { readonly run_id: string };
}

interface RunScoresQuery {
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  readonly prefer?: ScorePreference | undefined;
}

/**
 * The handlers that runs over traces and runs over sessions share.
 *
 * @param readScores reads the scores of a run, newest first.
 */
export function runHandlers<Filters, Score>(
  { db, judges, runs, draining, keys, quotas }: HttpContext,
  kind: TargetKind<Filters>,
  readScores: (run: RunKey, page: RunScoresQuery) => AsyncGenerator<Score[]>,
) {
  const keyOf = ({ request, params }: OfRun) => ({
    project_id: callerOf(request).projectId,
    id: params.run_id,
  });
  return {
    /** For replays of answers that were too large to store. */
    large: {
      reread: (project_id: string, id: string) => getRun(db, kind, { project_id, id }),
    },
    list: async ({
      reply,
      ...args
    }: Request &
      Reply & {
        query: { status?: EvaluationStatus | undefined; limit: number; offset: number };
      }) => ({
      status: 200 as const,
      body: await streamPage(await listRuns(db, kind, callerOf(args.request).projectId, args.query), reply),
    }),
    get: async ({ reply, ...args }: OfRun & Reply) => {
      const read = () => getRun(db, kind, keyOf(args));
      const seconds = preferredWait(args.request);
      if (seconds === undefined) return { status: 200 as const, body: await read() };
      const closed = closedSignalOf(reply);
      const refused = keys.watch(callerOf(args.request).apiKeyId, closed);
      const stop = AbortSignal.any([draining, AbortSignal.timeout(seconds * 1000), closed, refused]);
      const run = await waitForRunChange({ runs, runId: args.params.run_id, read, stop });
      if (refused.aborted) throw invalidCredentials();
      reply.header("preference-applied", `wait=${seconds}`);
      return { status: 200 as const, body: run };
    },
    events: async ({ reply, request, params }: OfRun & Reply) => {
      const lastEventId = request.headers["last-event-id"];
      const closed = closedSignalOf(reply);
      const refused = keys.watch(callerOf(request).apiKeyId, closed);
      const events = await runEvents({
        runs,
        runId: params.run_id,
        read: () => getRun(db, kind, keyOf({ request, params })),
        stop: AbortSignal.any([draining, closed, refused]),
        lastEventId: typeof lastEventId === "string" ? lastEventId : undefined,
        log: request.log,
      });
      reply.header("cache-control", "no-cache");
      reply.header("x-accel-buffering", "no");
      // ts-rest passes a stream on unchanged.
      return { status: 200 as const, body: events as unknown as string };
    },
    scores: async ({ reply, query, ...args }: OfRun & Reply & { query: RunScoresQuery }) => {
      const key = keyOf(args);
      await findRun(db, kind, key);
      return {
        status: 200 as const,
        body: await streamArray(readScores(key, query), reply),
      };
    },
    retry: async (
      { params, body }: Pick<OfRun, "params"> & { body?: RetryEvalRunRequest | null | undefined },
      scope: WriteScope,
    ) => ({
      status: 202 as const,
      body: await retryRun(kind, { ...scope, judges, quotas }, params.run_id, body ?? {}),
    }),
    cancel: async ({ params }: Pick<OfRun, "params">, { db: scope, projectId }: WriteScope) => ({
      status: 200 as const,
      body: await cancelRun(scope, kind, { project_id: projectId, id: params.run_id }),
    }),
    delete: async ({ query, ...args }: OfRun & { query: { delete_scores: boolean } }) => {
      await deleteRun(db, kind, keyOf(args), { deleteScores: query.delete_scores });
      return { status: 204 as const, body: undefined };
    },
  };
}

/** `reply` is Fastify's; ts-rest gives it a looser type. */
function closedSignalOf(reply: Reply["reply"]): AbortSignal {
  if (!(reply.raw instanceof ServerResponse)) throw new TypeError("The reply is not of an HTTP server.");
  return closedSignal(reply.raw);
}
