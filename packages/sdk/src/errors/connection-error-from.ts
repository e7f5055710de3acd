import { ConnectionError } from "./connection-error.ts";
import { isPandaProbeError, type PandaProbeError } from "./panda-probe-error.ts";

/** The error that a failed `fetch`, or a body that broke off, means. A `fetch` of ours may say it better itself. */
export function connectionErrorFrom(
  operation: string,
  endpoint: string,
  tries: number,
  cause: unknown,
): PandaProbeError {
  if (isPandaProbeError(cause)) return cause;
  let code: string | null = null;
  let reason = String(cause);
  // A platform says what went wrong some causes down.
  let current = cause;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    const { code: own } = current as { readonly code?: unknown };
    if (typeof own === "string") code ??= own;
    if (current.message !== "") reason = current.message;
    current = current.cause;
  }
  // Deno's messages hold the whole URL, and a query may hold what is private.
  reason = code ?? reason.replace(/\?[^\s)]*/g, "");
  return new ConnectionError(
    `${operation} got no answer from ${endpoint} in try ${tries} (${reason}). Is the server running there? Check \`endpoint\` or PANDAPROBE_ENDPOINT.`,
    { operation, code, detail: reason, cause },
  );
}
