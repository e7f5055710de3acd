import type { Judge } from "../../metrics/judge.ts";
import { wrapJudge } from "../../metrics/wrap-judge.ts";

/** The process is about to end: the work goes back to the queue. */
export class DrainingError extends Error {
  override readonly name = "DrainingError";
  override readonly message = "The server is stopping; another worker, or the next start, goes on.";
}

/** The same judge, who takes no new question once `draining` is aborted. Those under way are answered. */
export function gateJudge(judge: Judge, draining: AbortSignal): Judge {
  const pass = () => {
    if (draining.aborted) throw new DrainingError();
  };
  return wrapJudge(judge, {
    async ask(stage, subject, given, signal) {
      pass();
      return judge.ask(stage, subject, given, signal);
    },
    async embed(texts, signal) {
      pass();
      return judge.embed(texts, signal);
    },
  });
}
