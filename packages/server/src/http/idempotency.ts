import { createHash } from "node:crypto";
import { checkIdempotencyKey, idempotencyKeyReused, ProblemError } from "@pandaprobe/contract/rules";
import type { FastifyRequest } from "fastify";
import { type SqlBool, sql } from "kysely";
import type { Database, DatabaseTransaction } from "../db/database.ts";
import type { Row } from "../db/schema.ts";
import { isLockTimeout } from "../db/sql-state.ts";
import { toJson } from "../db/storable.ts";
import { inTransaction } from "../db/transaction.ts";
import { answersKeptFor } from "../features/requests/purge-requests.ts";
import { callerOf } from "./auth.ts";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A request with an `Idempotency-Key`. */
export interface IdempotentRequest {
  readonly projectId: string;
  readonly key: string;
  readonly hash: Buffer;
}

/** A larger response is not stored whole for replays. */
const mostStoredBytes = 64 * 1024;

/** How a response that is too large to store is replayed. */
export interface LargeAnswers {
  /** Reads the resource again by its `id`; a replay then shows its current state. */
  readonly reread?: (projectId: string, id: string) => Promise<unknown>;
  /** Returns a smaller form of the response to store. */
  readonly shorten?: (body: never) => unknown;
}

/** How long a request waits for the first one with its key to finish. */
const longestWaitSeconds = 10;

/** The request's `Idempotency-Key`, if it has one. @throws ProblemError if the key is too long or empty. */
export function idempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers["idempotency-key"];
  if (typeof key !== "string") return undefined;
  checkIdempotencyKey(key);
  return key;
}

/** Two requests are the same if their method, URL and body are, byte for byte. */
export function requestHash(request: FastifyRequest): Buffer {
  return createHash("sha256").update(`${request.method} ${request.url}\n`).update(request.bodyHash).digest();
}

/**
 * Does the work once per key. Its effect and its response are stored in one transaction, and later requests get the
 * stored response. A request that arrives while the first is in progress waits for it.
 */
export async function writeOnce<A extends Answer>(
  db: Database,
  request: IdempotentRequest,
  work: (transaction: DatabaseTransaction) => Promise<A>,
  large: LargeAnswers = {},
): Promise<{ answer: A; isReplay: boolean }> {
  const result = await inTransaction(db, async (transaction) => {
    if (!(await claim(transaction, request))) {
      // The cast is safe: the response was stored here, for the same request.
      return { answer: (await storedAnswer(transaction, request)) as A, isReplay: true };
    }
    const answer = await work(transaction);
    await transaction
      .updateTable("idempotency_keys")
      .set({ status: answer.status, body: toStore(answer.body, large) })
      .where("project_id", "=", request.projectId)
      .where("key", "=", request.key)
      .execute();
    return { answer, isReplay: false };
  });
  const { answer, isReplay } = result;
  if (!isReplay || typeof answer.body !== "string" || large.reread === undefined) return result;
  return { answer: { ...answer, body: await large.reread(request.projectId, answer.body) }, isReplay };
}

/**
 * The same for work without an effect. It runs outside the transaction, so that it holds no connection meanwhile.
 * Concurrent requests may each do the work; all get the response that is stored first.
 */
export async function computeOnce<A extends Answer>(
  db: Database,
  request: IdempotentRequest,
  work: () => Promise<A>,
): Promise<{ answer: A; isReplay: boolean }> {
  const stored = await usedKey(db, request).select(["request_hash", "body"]).executeTakeFirst();
  if (stored !== undefined) return { answer: replayed(stored, request) as A, isReplay: true };
  const answer = await work();
  return writeOnce(db, request, async () => answer);
}

/** No response is a string, so a stored string is the id of a resource to read again. */
function toStore(body: unknown, { reread, shorten }: LargeAnswers): string {
  const text = toJson(body);
  if (text.length <= mostStoredBytes) return text;
  if (reread !== undefined && typeof body === "object" && body !== null && "id" in body)
    return toJson(body.id);
  return shorten === undefined ? text : toJson(shorten(body as never));
}

/** Whether the key has been used, by this or another request. */
export async function isUsed(
  db: Database,
  request: Pick<IdempotentRequest, "projectId" | "key">,
): Promise<boolean> {
  return (await usedKey(db, request).executeTakeFirst()) !== undefined;
}

/** Whether a request would get a stored response. */
export async function isReplay(db: Database, request: FastifyRequest): Promise<boolean> {
  const key = request.method === "POST" && request.caller !== null ? idempotencyKey(request) : undefined;
  if (key === undefined) return false;
  const row = await usedKey(db, { projectId: callerOf(request).projectId, key })
    .where("request_hash", "=", requestHash(request))
    .executeTakeFirst();
  return row !== undefined;
}

function usedKey(db: Database, { projectId, key }: Pick<IdempotentRequest, "projectId" | "key">) {
  return db
    .selectFrom("idempotency_keys")
    .select("status")
    .where("project_id", "=", projectId)
    .where("key", "=", key)
    .where(sql<SqlBool>`created_at >= now() - ${answersKeptFor}`);
}

/** @returns whether this request claimed the key. Waits for a transaction in progress that has claimed it. */
async function claim(db: DatabaseTransaction, request: IdempotentRequest): Promise<boolean> {
  await sql`set local lock_timeout = ${sql.lit(`${longestWaitSeconds}s`)}`.execute(db);
  try {
    const claimed = await db
      .insertInto("idempotency_keys")
      .values({
        project_id: request.projectId,
        key: request.key,
        request_hash: request.hash,
        body: toJson(null),
      })
      .onConflict((conflict) =>
        conflict
          .columns(["project_id", "key"])
          .doUpdateSet({ request_hash: request.hash, status: null, created_at: sql<string>`now_ms()` })
          .where(sql<SqlBool>`idempotency_keys.created_at < now() - ${answersKeptFor}`),
      )
      .returning("key")
      .executeTakeFirst();
    await sql`set local lock_timeout = 0`.execute(db);
    return claimed !== undefined;
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    throw new ProblemError(
      "idempotency_in_progress",
      "The first request with this Idempotency-Key is still running. Send the same request again in a moment.",
      { retryAfterSeconds: 1 },
    );
  }
}

async function storedAnswer(db: DatabaseTransaction, request: IdempotentRequest): Promise<Answer> {
  const stored = await db
    .selectFrom("idempotency_keys")
    .select(["request_hash", "status", "body"])
    .where("project_id", "=", request.projectId)
    .where("key", "=", request.key)
    .executeTakeFirstOrThrow();
  return replayed(stored, request);
}

function replayed(
  stored: Pick<Row<"idempotency_keys">, "request_hash" | "status" | "body">,
  request: IdempotentRequest,
): Answer {
  if (!stored.request_hash.equals(request.hash)) {
    throw idempotencyKeyReused();
  }
  return { status: stored.status ?? 200, body: stored.body };
}
