import { errorCode } from "./error-code.ts";

/** Why a PostgreSQL that is starting, recovering, stopping or crowded turns a connection away. */
const temporary = new Set([
  "57P03", // cannot_connect_now: it starts, recovers or stops
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "53300", // too_many_connections
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
]);

/** Whether connecting again in a moment may work. */
export function isTemporary(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined) return temporary.has(code);
  // node-postgres gives its own connection errors no code.
  return error instanceof Error && /connection terminated|timeout expired|not queryable/i.test(error.message);
}
