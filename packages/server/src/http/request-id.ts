import type { IncomingMessage } from "node:http";
import { v4 as uuidv4 } from "uuid";

const sane = /^[\w.:/+=-]{1,128}$/;

/** The caller's `X-Request-ID`, if it is short and harmless in a log, or a new one. */
export function requestId(request: IncomingMessage): string {
  const sent = request.headers["x-request-id"];
  return typeof sent === "string" && sane.test(sent) ? sent : uuidv4();
}
