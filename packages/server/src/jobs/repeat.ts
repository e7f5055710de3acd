import type { Log } from "../log.ts";

export interface Repetition {
  /** Resolves once the current run of the work has ended. */
  stop(): Promise<void>;
}

/**
 * Does some work now and again after each pause. A failure is logged once, however long the work goes on failing, so that
 * an hour without the database is one log entry.
 */
export function repeat(pauseMs: number, work: () => Promise<void>, log: Log): Repetition {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let isFailing = false;
  let current = Promise.resolve();
  const begin = () => {
    current = work()
      .then(
        () => {
          if (isFailing) log.info({}, "A periodic task works again.");
          isFailing = false;
        },
        (error: unknown) => {
          if (!isFailing)
            log.warn({ err: error }, "A periodic task failed; it will be retried until it works.");
          isFailing = true;
        },
      )
      .then(() => {
        if (!isStopped) timer = setTimeout(begin, pauseMs);
      });
  };
  begin();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
