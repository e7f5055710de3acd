import type { AppRoute } from "@ts-rest/core";
import type { AppRouteImplementation } from "@ts-rest/fastify";
import type { Database, DatabaseTransaction } from "../db/database.ts";
import { ensureProject } from "../features/projects/projects.ts";
import { callerOf } from "./auth.ts";
import {
  answeredOnce,
  type IdempotentRequest,
  idempotencyKey,
  idempotently,
  requestHash,
} from "./idempotency.ts";

/** Where a POST does its work: a transaction, where its answer is stored with the effect, else the database. */
export interface WriteScope {
  readonly db: Database | DatabaseTransaction;
  readonly projectId: string;
}

/** Where a POST does its work that changes nothing. */
export interface AskScope extends WriteScope {
  readonly db: Database;
}

type Arguments<Route extends AppRoute> = Parameters<AppRouteImplementation<Route>>[0];
type Answer<Route extends AppRoute> = Awaited<ReturnType<AppRouteImplementation<Route>>>;

/** The handler of a POST: makes the project if this is its first write, and honours `Idempotency-Key`. */
export function write<Route extends AppRoute>(
  db: Database,
  _route: Route,
  handler: (args: Arguments<Route>, scope: WriteScope) => Promise<Answer<Route>>,
): (args: Arguments<Route>) => Promise<Answer<Route>> {
  return once(db, handler, (request, projectId, args) =>
    idempotently(db, request, (transaction) => handler(args, { db: transaction, projectId })),
  );
}

/** The same for a POST that changes nothing: its work is done outside of a transaction. */
export function ask<Route extends AppRoute>(
  db: Database,
  _route: Route,
  handler: (args: Arguments<Route>, scope: AskScope) => Promise<Answer<Route>>,
): (args: Arguments<Route>) => Promise<Answer<Route>> {
  return once(db, handler, (request, projectId, args) =>
    answeredOnce(db, request, () => handler(args, { db, projectId })),
  );
}

function once<Route extends AppRoute>(
  db: Database,
  handler: (args: Arguments<Route>, scope: AskScope) => Promise<Answer<Route>>,
  withKey: (
    request: IdempotentRequest,
    projectId: string,
    args: Arguments<Route>,
  ) => Promise<{ answer: Answer<Route>; isReplay: boolean }>,
): (args: Arguments<Route>) => Promise<Answer<Route>> {
  return async (args: Arguments<Route>): Promise<Answer<Route>> => {
    const { request, reply } = args;
    const key = idempotencyKey(request);
    const { projectId } = await ensureProject(db, callerOf(request));
    if (key === undefined) return handler(args, { db, projectId });
    const { answer, isReplay } = await withKey(
      { projectId, key, hash: requestHash(request) },
      projectId,
      args,
    );
    if (isReplay) {
      reply.header("idempotency-replayed", "true");
      await request.counted?.uncount();
    }
    return answer;
  };
}
