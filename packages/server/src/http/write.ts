import type { AppRoute } from "@ts-rest/core";
import type { AppRouteImplementation } from "@ts-rest/fastify";
import type { Database, DatabaseTransaction } from "../db/database.ts";
import { isOrphaned } from "../db/sql-state.ts";
import { type Caller, ensureProject, noProject } from "../features/projects/projects.ts";
import { callerOf } from "./auth.ts";
import { idempotencyKey, idempotently, requestHash } from "./idempotency.ts";

/** Where a POST does its work: a transaction, where its answer is stored with the effect, else the database. */
export interface WriteScope {
  readonly db: Database | DatabaseTransaction;
  readonly projectId: string;
}

type Arguments<Route extends AppRoute> = Parameters<AppRouteImplementation<Route>>[0];
type Answer<Route extends AppRoute> = Awaited<ReturnType<AppRouteImplementation<Route>>>;

/** The handler of a POST: makes the project if this is its first write, and honours `Idempotency-Key`. */
export function write<Route extends AppRoute>(
  db: Database,
  _route: Route,
  handler: (args: Arguments<Route>, scope: WriteScope) => Promise<Answer<Route>>,
): (args: Arguments<Route>) => Promise<Answer<Route>> {
  return async (args: Arguments<Route>): Promise<Answer<Route>> => {
    const { request, reply } = args;
    const key = idempotencyKey(request);
    const caller = callerOf(request);
    const writeAs = async (as: Caller): Promise<Answer<Route>> => {
      const { projectId } = await ensureProject(db, as);
      if (key === undefined) return handler(args, { db, projectId });
      const { answer, isReplay } = await idempotently(
        db,
        { projectId, key, hash: requestHash(request) },
        (transaction) => handler(args, { db: transaction, projectId }),
      );
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
      // The project was deleted and erased while the body arrived: the name stands for a new one.
      return writeAs({ ...caller, projectId: noProject });
    }
  };
}
