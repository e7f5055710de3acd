import { Kysely, PostgresDialect, type Transaction } from "kysely";
import pg from "pg";
import type { Schema } from "./schema.ts";

export type Database = Kysely<Schema>;
export type DatabaseTransaction = Transaction<Schema>;

interface DatabaseOptions {
  readonly connectionString: string;
  /** The size of the pool. */
  readonly maxConnections: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Called when an idle connection breaks. The pool replaces it by itself. */
  readonly onConnectionError: (error: Error) => void;
}

/**
 * Our transactions wait only for the database. If one is idle for this long, its process is frozen, and others may be
 * waiting for its locks.
 */
const longestIdleInTransactionMs = 5_000;

/** A pool whose types suit a JSON API (see {@link typeParsers}). */
export function createPool(options: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.maxConnections,
    application_name: options.applicationName,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    // Timestamps are read as the database writes them, so every session must write UTC in ISO style.
    options: `-c TimeZone=UTC -c DateStyle=ISO -c idle_in_transaction_session_timeout=${longestIdleInTransactionMs}`,
    types: { getTypeParser },
  });
  // Without listeners, a connection that breaks would end the process, whether it is idle or in use.
  pool.on("error", options.onConnectionError);
  // If the connection is in use, its query fails, which reports the error.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** @param statementTimeoutMs the time limit of a statement; 0: no limit. */
export function createDatabase(pool: pg.Pool, statementTimeoutMs = 0): Database {
  const { options } = pool;
  const connect = () => connected(pool, statementTimeoutMs);
  return new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: { connect, end: () => pool.end(), options } }),
  });
}

/** The last statement timeout set on each connection. */
const statementTimeouts = new WeakMap<pg.PoolClient, number>();

/** A connection with this statement timeout, which is set again if the connection last had another one. */
export async function connected(pool: pg.Pool, statementTimeoutMs: number): Promise<pg.PoolClient> {
  const client = await pool.connect();
  if ((statementTimeouts.get(client) ?? 0) === statementTimeoutMs) return client;
  try {
    await client.query(`set statement_timeout = ${statementTimeoutMs}`);
    statementTimeouts.set(client, statementTimeoutMs);
    return client;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/**
 * Reads `timestamptz` as ISO text in UTC with milliseconds (a `Date` would cost two conversions and get years before
 * 100 wrong), and `bigint` and `numeric` as numbers, because all values that we store in them fit.
 */
const typeParsers: ReadonlyMap<number, (text: string) => unknown> = new Map<
  number,
  (text: string) => unknown
>([
  [pg.types.builtins.TIMESTAMPTZ, isoTimestamp],
  [pg.types.builtins.INT8, Number],
  [pg.types.builtins.NUMERIC, Number],
]);

function getTypeParser(oid: number, format?: "text" | "binary") {
  return (format !== "binary" && typeParsers.get(oid)) || pg.types.getTypeParser(oid, format);
}

/** `2026-03-01 09:30:00.12+00` → `2026-03-01T09:30:00.120Z` */
function isoTimestamp(text: string): string {
  const [date, time = ""] = text.split(" ");
  const [seconds = "", fraction = ""] = time.replace(/\+00$/, "").split(".");
  return `${date}T${seconds}.${fraction.slice(0, 3).padEnd(3, "0")}Z`;
}
