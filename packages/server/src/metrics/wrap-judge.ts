import type { Judge } from "./judge.ts";

/** The same judge, who asks or embeds in another way. */
export function wrapJudge(judge: Judge, change: Partial<Pick<Judge, "ask" | "embed">>): Judge {
  return {
    model: judge.model,
    embeddingModel: judge.embeddingModel,
    embedsAtNoCost: judge.embedsAtNoCost,
    maxTraceChars: judge.maxTraceChars,
    maxTextChars: judge.maxTextChars,
    hasShortened: judge.hasShortened,
    ask: change.ask ?? judge.ask,
    embed: change.embed ?? judge.embed,
  };
}
