import { Logger } from "graphile-worker";
import type { Log } from "../../log.ts";

/** The queue expects each job to hold a connection; ours wait for judges most of the time. */
const notOurs = /maxPoolSize \(\d+\) smaller than concurrency/;

/** The job queue's own messages, in our log. Its everyday news (jobs started, jobs done) is debug to us. */
export function queueLogger(log: Log): Logger {
  return new Logger((scope) => (level, message, details) => {
    const { error, ...others } = details ?? {};
    const fields = { ...others, ...(error === undefined ? {} : { err: error }), queue: scope };
    if (level === "error") log.error(fields, message);
    else if (level === "warning" && !notOurs.test(message)) log.warn(fields, message);
    else log.debug(fields, message);
  });
}
