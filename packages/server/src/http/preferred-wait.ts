import type { FastifyRequest } from "fastify";

const longestWaitSeconds = 60;

/** How long the client is willing to wait for a change, in seconds, from `Prefer: wait=N` (RFC 7240), capped. */
export function preferredWait(request: FastifyRequest): number | undefined {
  const prefer = request.headers["prefer"];
  const text = Array.isArray(prefer) ? prefer.join(",") : prefer;
  const seconds = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:[,;]|$)/i.exec(text ?? "")?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), longestWaitSeconds);
}
