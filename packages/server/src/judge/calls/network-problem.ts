const NETWORK_CODES =
  /^(?:ECONN\w+|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_\w+|EHOST\w+|ENET\w+|EPROTO|UND_ERR_\w+|\w*CERT\w*|UNABLE_TO_\w+)$/;
/** What `fetch` says where it gives no cause. */
const NETWORK_MESSAGES = /^(?:fetch failed|terminated|Cannot connect to API)/;

/** What went wrong on the way to a provider ("ECONNREFUSED"), or null if the way was not the problem. */
export function networkProblem(error: unknown): string | null {
  let current = error;
  // Bounded, since a chain of causes may bite its own tail.
  for (let depth = 0; depth < 10 && current instanceof Error; depth++) {
    const { code } = current as Error & { code?: unknown };
    if (typeof code === "string" && NETWORK_CODES.test(code)) return code;
    if (current.cause === undefined && NETWORK_MESSAGES.test(current.message)) return current.message;
    current = current.cause;
  }
  return null;
}
