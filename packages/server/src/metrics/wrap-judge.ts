import type { Judge } from "./judge.ts";

/** The same judge, who asks or embeds in another way. */
export function wrapJudge(judge: Judge, change: Partial<Pick<Judge, "ask" | "embed">>): Judge {
  return {
    model: judge.model,
    embeddingModel: judge.embeddingModel,
    embedsAtNoCost: judge.embedsAtNoCost,
    // Asked each time: a judge may learn that its model takes less.
    get maxTraceChars() {
      return judge.maxTraceChars;
    },
    get maxTextChars() {
      return judge.maxTextChars;
    },
    ask: change.ask ?? judge.ask,
    embed: change.embed ?? judge.embed,
  };
}
