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
  const causes = chain(cause);
  const code =
    causes.map((error) => (error as { code?: unknown }).code).find((value) => typeof value === "string") ??
    null;
  const innermost = causes.findLast((error) => error.message !== "")?.message ?? String(cause);
  // Deno's messages hold the whole URL, and a query may hold what is private.
  const reason = code ?? innermost.replace(/\?[^\s)]*/g, "");
  return new ConnectionError(
    `${operation} got no answer from ${endpoint} in try ${tries} (${reason}). Is the server running there? Check \`endpoint\` or PANDAPROBE_ENDPOINT.`,
    { operation, code, detail: reason, cause },
  );
}

/** The error and its causes: a platform says what went wrong some causes down. */
function chain(error: unknown): Error[] {
  const errors: Error[] = [];
  for (let current = error; current instanceof Error && errors.length < 5; current = current.cause)
    errors.push(current);
  return errors;
}
