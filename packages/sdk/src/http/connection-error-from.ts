import { ConnectionError, TimeoutError } from "../errors/connection-errors.ts";
import { isPandaProbeError, PandaProbeError, reportedFailure } from "../errors/panda-probe-error.ts";
import type { Attempt } from "../options/hooks.ts";

/** Anything can be thrown, so nothing is certain about it. */
interface NodeError {
  readonly code: unknown;
  readonly message: unknown;
}

/** The error for a failed `fetch` or a body that broke off. Our own `fetch` wrappers may throw a better one. */
export function connectionErrorFrom(
  { operation, attempt }: Attempt,
  endpoint: string,
  cause: unknown,
): PandaProbeError {
  if (isPandaProbeError(cause)) return cause;
  // Most platforms put the reason into `cause`.
  const { code: given, message } = ((cause as Error | null)?.cause ?? cause ?? {}) as Partial<NodeError>;
  const code = typeof given === "string" ? given : null;
  // Deno's messages contain the whole URL, and its query may be private.
  const detail = code ?? String(message || cause).replace(/\?[^\s)]*/g, "");
  // A `fetch` with other arguments or results than ours: trying again does not help.
  const isMisfit = /ERR_INVALID|absolute|instance|undefined|not a f/.test(detail);
  const [Type, hint] = isMisfit
    ? [PandaProbeError, "The `fetch` option must take a URL, init and signal."]
    : [ConnectionError, "Is the server running? Check `endpoint` or PANDAPROBE_ENDPOINT."];
  return new Type(
    `${operation} got no response from ${endpoint} in attempt ${attempt} (${detail}). ${hint}`,
    {
      operation,
      code,
      detail,
      cause,
    },
  );
}

interface TimedOutCall {
  readonly endpoint: string;
  readonly attemptMs: number;
  readonly totalMs: number;
  /** Why an earlier attempt failed, if not by a timeout. */
  readonly failure?: unknown;
}

export function timeoutErrorFrom(
  { operation, attempt }: Attempt,
  { endpoint, attemptMs, totalMs, failure }: TimedOutCall,
): TimeoutError {
  return new TimeoutError(
    `${operation} got no response from ${endpoint} in attempt ${attempt} (timed out: ${attemptMs} ms each, ${totalMs} ms in all). Raise timeoutMs or totalTimeoutMs.${reportedFailure(failure)}`,
    { operation, cause: failure },
  );
}
