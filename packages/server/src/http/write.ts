import type { AppRoute } from "@ts-rest/core";
import type { AppRouteImplementation } from "@ts-rest/fastify";
import type { Database, DatabaseTransaction } from "../db/database.ts";
import { isOrphaned } from "../db/sql-state.ts";
import { type Caller, ensureProject, noProject } from "../features/projects/projects.ts";
import { callerOf } from "./auth.ts";
import { answeredOnce, idempotencyKey, idempotently, type LargeAnswers, requestHash } from "./idempotency.ts";

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
type Handler<Route extends AppRoute, Scope> = (
  args: Arguments<Route>,
  scope: Scope,
) => Promise<Answer<Route>>;

/**
 * The handler of a POST: makes the project if this is its first write, and honours `Idempotency-Key`.
 *
 * @param large what is stored for a replay in place of an answer that is too large; needed where one may be.
 */
export function write<Route extends AppRoute>(
  db: Database,
  _route: Route,
  handler: Handler<Route, WriteScope>,
  large?: LargeAnswers,
): (args: Arguments<Route>) => Promise<Answer<Route>> {
  return post(db, handler, (request, projectId, args) =>
    idempotently(db, request, (transaction) => handler(args, { db: transaction, projectId }), large),
  );
}

/** The handler of a POST that changes nothing: it holds no connection while it works, however long that takes. */
export function ask<Route extends AppRoute>(
  db: Database,
  _route: Route,
  handler: Handler<Route, AskScope>,
): (args: Arguments<Route>) => Promise<Answer<Route>> {
  return post(db, handler, (request, projectId, args) =>
    answeredOnce(db, request, () => handler(args, { db, projectId })),
  );
}

/** Answers a request with an `Idempotency-Key`: with a stored answer, or a new one. */
type AnswerOnce<Route extends AppRoute> = (
  request: Parameters<typeof idempotently>[1],
  projectId: string,
  args: Arguments<Route>,
) => Promise<{ answer: Answer<Route>; isReplay: boolean }>;

function post<Route extends AppRoute>(
  db: Database,
  handler: Handler<Route, AskScope>,
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
      // The project was deleted and erased while the body arrived: the name stands for a new one.
      return writeAs({ ...caller, projectId: noProject });
    }
  };
}
