import type { AppRoute } from "@ts-rest/core";
import type { AppRouteImplementation } from "@ts-rest/fastify";
import type { Database, DatabaseTransaction } from "../db/database.ts";
import { isOrphaned } from "../db/sql-state.ts";
import { type Caller, ensureProject, noProject } from "../features/projects/caller.ts";
import { callerOf } from "./auth.ts";
import { computeOnce, idempotencyKey, type LargeAnswers, requestHash, writeOnce } from "./idempotency.ts";

/** The dependencies of a POST's handler. */
export interface WriteScope {
  /** With an `Idempotency-Key` the transaction that also stores the response, otherwise the database. */
  readonly db: Database | DatabaseTransaction;
  readonly projectId: string;
}

interface ComputeScope extends WriteScope {
  readonly db: Database;
}

type Arguments<Route extends AppRoute> = Parameters<AppRouteImplementation<Route>>[0];
type Answer<Route extends AppRoute> = Awaited<ReturnType<AppRouteImplementation<Route>>>;
type Handler<Route extends AppRoute, Scope> = (
  args: Arguments<Route>,
  scope: Scope,
) => Promise<Answer<Route>>;

/**
 * The handler of a POST that writes. Creates the project on its first write, and honours `Idempotency-Key`.
 *
 * @param large how a response that is too large to store is replayed; required if it may be.
 */
export function idempotentWrite<Route extends AppRoute>(
  db: Database,
  _route: Route,
  handler: Handler<Route, WriteScope>,
  large?: LargeAnswers,
): (args: Arguments<Route>) => Promise<Answer<Route>> {
  return post(db, handler, (request, projectId, args) =>
    writeOnce(db, request, (transaction) => handler(args, { db: transaction, projectId }), large),
  );
}

/** The handler of a POST that only computes a response. It holds no connection while it works. */
export function idempotentComputation<Route extends AppRoute>(
  db: Database,
  _route: Route,
  handler: Handler<Route, ComputeScope>,
): (args: Arguments<Route>) => Promise<Answer<Route>> {
  return post(db, handler, (request, projectId, args) =>
    computeOnce(db, request, () => handler(args, { db, projectId })),
  );
}

/** Answers a request that has an `Idempotency-Key`. */
type AnswerOnce<Route extends AppRoute> = (
  request: Parameters<typeof writeOnce>[1],
  projectId: string,
  args: Arguments<Route>,
) => Promise<{ answer: Answer<Route>; isReplay: boolean }>;

function post<Route extends AppRoute>(
  db: Database,
  handler: Handler<Route, ComputeScope>,
  once: AnswerOnce<Route>,
): (args: Arguments<Route>) => Promise<Answer<Route>> {
  return async (args: Arguments<Route>): Promise<Answer<Route>> => {
    const { request, reply } = args;
    const key = idempotencyKey(request);
    const caller = callerOf(request);
    const writeAs = async (as: Caller): Promise<Answer<Route>> => {
      const { projectId } = await ensureProject(db, as);
      if (key === undefined) return handler(args, { db, projectId });
      const hash = requestHash(request);
      const { answer, isReplay } = await once({ projectId, key, hash }, projectId, args);
      if (isReplay) {
        reply.header("idempotency-replayed", "true");
        await request.counted?.uncount();
      }
      return answer;
    };
    try {
      return await writeAs(caller);
    } catch (error) {
      if (!isOrphaned(error)) throw error;
      // The project was deleted and erased while the body arrived. Its name now means a new project.
      return writeAs({ ...caller, projectId: noProject });
    }
  };
}
