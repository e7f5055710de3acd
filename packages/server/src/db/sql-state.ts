/** The meaning of PostgreSQL's error codes. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const meanings: Readonly<Record<string, "retryable" | "unavailable" | "locked" | "slow" | "orphaned">> = {
  "40001": "retryable", // serialization_failure
  "40P01": "retryable", // deadlock_detected
  "55P03": "locked", // lock_not_available: lock_timeout expired
  "23503": "orphaned", // foreign_key_violation: the parent row is gone
  "25006": "unavailable", // read_only_sql_transaction: a standby, after a failover
  "25P03": "unavailable", // idle_in_transaction_session_timeout: this process stalled
  "28000": "unavailable", // invalid_authorization_specification
  "28P01": "unavailable", // invalid_password
  "3D000": "unavailable", // invalid_catalog_name: no such database
  "53100": "unavailable", // disk_full
  "53200": "unavailable", // out_of_memory
  "53300": "unavailable", // too_many_connections
  "57014": "slow", // query_canceled: statement_timeout expired
  "57P01": "unavailable", // admin_shutdown
  "57P02": "unavailable", // crash_shutdown
  "57P03": "unavailable", // cannot_connect_now
};

/** Connection errors have no SQLSTATE, but Node's code or only a message of `pg`. */
const connectionCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
]);
const connectionMessage =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether the transaction failed only because of concurrent ones. */
export function isRetryable(error: unknown): boolean {
  return meanings[codeOf(error)] === "retryable";
}

/** Whether a lock was waited for longer than `lock_timeout` allows. */
export function isLockTimeout(error: unknown): boolean {
  return meanings[codeOf(error)] === "locked";
}

/** Whether a statement took longer than `statement_timeout` allows. */
export function isStatementTimeout(error: unknown): boolean {
  return meanings[codeOf(error)] === "slow";
}

/** Whether the parent of a row has been deleted. */
export function isOrphaned(error: unknown): boolean {
  return meanings[codeOf(error)] === "orphaned";
}

/** Whether the database cannot be reached or used at present. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (meanings[code] === "unavailable" || connectionCodes.has(code) || code.startsWith("08")) return true;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  return connectionMessage.test(error.message);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
