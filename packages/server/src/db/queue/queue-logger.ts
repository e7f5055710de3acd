import { Logger } from "graphile-worker";
import type { Log } from "../../log.ts";

/** The queue expects each job to hold a connection, but ours mostly wait for judges. */
const irrelevant = /maxPoolSize \(\d+\) smaller than concurrency/;

/** Passes the job queue's messages to our log. Its routine messages (job started, job done) become debug messages. */
export function queueLogger(log: Log): Logger {
  return new Logger((scope) => (level, message, details) => {
    const { error, ...others } = details ?? {};
    const fields = { ...others, ...(error === undefined ? {} : { err: error }), queue: scope };
    if (level === "error") log.error(fields, message);
    else if (level === "warning" && !irrelevant.test(message)) log.warn(fields, message);
    else log.debug(fields, message);
  });
}
