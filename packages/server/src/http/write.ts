import type { AppRoute } from "@ts-rest/core";
import type { AppRouteImplementation } from "@ts-rest/fastify";
import type { Database, DatabaseTransaction } from "../db/database.ts";
import { ensureProject } from "../features/projects/projects.ts";
import { callerOf } from "./auth.ts";
import { answeredOnce, idempotencyKey, idempotently, type LargeAnswers, requestHash } from "./idempotency.ts";

/** Where a POST does its work: a transaction, where its answer is stored with the effect, else the database. */
export interface WriteScope {
  readonly db: Database | DatabaseTransaction;
  readonly projectId: string;
}

type Arguments<Route extends AppRoute> = Parameters<AppRouteImplementation<Route>>[0];
type Answer<Route extends AppRoute> = Awaited<ReturnType<AppRouteImplementation<Route>>>;
type Handler<Route extends AppRoute> = (args: Arguments<Route>, scope: WriteScope) => Promise<Answer<Route>>;

/**
 * The handler of a POST: makes the project if this is its first write, and honours `Idempotency-Key`.
 *
 * @param large what is stored for a replay in place of an answer that is too large; needed where one may be.
 */
export function write<Route extends AppRoute>(
  db: Database,
  _route: Route,
  handler: Handler<Route>,
  large?: LargeAnswers,
): (args: Arguments<Route>) => Promise<Answer<Route>> {
  return post(db, handler, (request, work) => idempotently(db, request, work, large));
}

/** The handler of a POST that changes nothing: it holds no connection while it works, however long that takes. */
export function ask<Route extends AppRoute>(
  db: Database,
  _route: Route,
  handler: Handler<Route>,
): (args: Arguments<Route>) => Promise<Answer<Route>> {
  return post(db, handler, (request, work) => answeredOnce(db, request, () => work(db)));
}

type Once = <A extends { status: number; body: unknown }>(
  request: Parameters<typeof idempotently>[1],
  work: (db: Database | DatabaseTransaction) => Promise<A>,
) => Promise<{ answer: A; isReplay: boolean }>;

function post<Route extends AppRoute>(
  db: Database,
  handler: Handler<Route>,
  once: Once,
): (args: Arguments<Route>) => Promise<Answer<Route>> {
  return async (args: Arguments<Route>): Promise<Answer<Route>> => {
    const { request, reply } = args;
    const key = idempotencyKey(request);
    const { projectId } = await ensureProject(db, callerOf(request));
    if (key === undefined) return handler(args, { db, projectId });
    const { answer, isReplay } = await once({ projectId, key, hash: requestHash(request) }, (scope) =>
      handler(args, { db: scope, projectId }),
    );
    if (isReplay) {
      reply.header("idempotency-replayed", "true");
      await request.counted?.uncount();
    }
    return answer;
  };
}
