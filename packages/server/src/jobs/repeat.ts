import type { Log } from "../log.ts";

export interface Repetition {
  /** Resolves once the work under way has ended. */
  stop(): Promise<void>;
}

/**
 * Does some work now, and again and again with a pause between. What fails is tried again next time, and logged once,
 * however long it goes on failing: an hour without the database is one piece of news.
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
            log.warn({ err: error }, "A periodic task failed; it is tried again until it works.");
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
