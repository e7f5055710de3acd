import type { Log } from "../log.ts";

export interface Repetition {
  /** Resolves once the work under way has ended. */
  stop(): Promise<void>;
}

/** Does some work now, and again and again with a pause between. What fails is logged, and tried again next time. */
export function repeat(pauseMs: number, work: () => Promise<void>, log: Log): Repetition {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let current = Promise.resolve();
  const begin = () => {
    current = work()
      .catch((error: unknown) => log.warn({ err: error }, "A periodic task failed; it is tried again."))
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
