import type { Attempt } from "../hooks.ts";
import { ConnectionError } from "./connection-error.ts";
import { isPandaProbeError, PandaProbeError } from "./panda-probe-error.ts";

/** As far as it may be one: anything can be thrown. */
interface NodeError {
  readonly code: unknown;
  readonly message: unknown;
}

/** The error that a failed `fetch`, or a body that broke off, means. A `fetch` of ours may say it better itself. */
export function connectionErrorFrom(
  { operation, attempt }: Attempt,
  endpoint: string,
  cause: unknown,
): PandaProbeError {
  if (isPandaProbeError(cause)) return cause;
  // Most platforms say what went wrong one cause down.
  const { code: given, message } = ((cause as Error | null)?.cause ?? cause ?? {}) as Partial<NodeError>;
  const code = typeof given === "string" ? given : null;
  // Deno's messages hold the whole URL, and a query may hold what is private.
  const reason = code ?? String(message || cause).replace(/\?[^\s)]*/g, "");
  // What was handed to `fetch`, or what it gave, is not what the other side takes it for: that does not pass.
  const isMisfit = /ERR_INVALID|absolute|instance|undefined|not a f/.test(reason);
  const [Type, hint] = isMisfit
    ? [PandaProbeError, "The `fetch` option must take a URL, init and signal."]
    : [ConnectionError, "Is the server running there? Check `endpoint` or PANDAPROBE_ENDPOINT."];
  return new Type(`${operation} got no answer from ${endpoint} in try ${attempt} (${reason}). ${hint}`, {
    operation,
    code,
    detail: reason,
    cause,
  });
}
