import { Logger } from "graphile-worker";
import type { Log } from "../log.ts";

/** The job queue's own messages, in our log. Its everyday news (jobs started, jobs done) is debug to us. */
export function queueLogger(log: Log): Logger {
  return new Logger((scope) => (level, message, details) => {
    const fields = { ...details, queue: scope };
    if (level === "error") log.error(fields, message);
    else if (level === "warning") log.warn(fields, message);
    else log.debug(fields, message);
  });
}
