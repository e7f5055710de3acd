import { preferredWait as readPreferredWait } from "@pandaprobe/contract/rules";
import type { FastifyRequest } from "fastify";

/** How long the client is willing to wait for a change, in seconds. */
export function preferredWait(request: FastifyRequest): number | undefined {
  const prefer = request.headers["prefer"];
  return readPreferredWait(Array.isArray(prefer) ? prefer.join(",") : prefer);
}
