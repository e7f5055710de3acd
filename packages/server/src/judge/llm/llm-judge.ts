import type { JudgeSettings } from "../../judge-settings.ts";
import type { Judge } from "../../metrics/judge.ts";
import type { Trace } from "../../metrics/trace.ts";
import { atOnce } from "../calls/at-once.ts";
import { type CallDesk, createCall } from "../calls/caller.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { formatModelName, type ModelName } from "../model-name.ts";
import { priceOf } from "../prices/price.ts";
import type { LlmProvider } from "../providers/provider.ts";
import { languageStandIn } from "../rehearsal/stand-ins.ts";
import { createAsk } from "./ask.ts";
import type { Embedder } from "./embedder.ts";
import { bestTraits, createLearned } from "./traits.ts";

/** A judge for whoever keeps a ledger; all of them share what has been learned of the model. */
export interface LlmJudge {
  with(ledger: Ledger): Judge;
  /**
   * The same, asking nobody: what its ledger does not know, `standIn` answers, and what is embedded comes out alike. The
   * ledger is told of each call that would have been made.
   */
  rehearsing(ledger: Ledger, standIn: Judge): Judge;
}

/** Judges that ask a model of a configured provider, and embed with `embedder`. */
export function createLlmJudge(
  provider: LlmProvider,
  name: ModelName,
  embedder: Embedder,
  settings: JudgeSettings,
  desk: CallDesk,
): LlmJudge {
  const limits = provider.limits(settings);
  const room = {
    maxOutputTokens: settings.maxOutputTokens ?? limits.maxOutputTokens,
    // Long answers are rare: one verdict for each of hundreds of tool calls. A limit set by hand is kept.
    mostOutputTokens: settings.maxOutputTokens ?? limits.maxOutputTokens * 4,
    maxTraceChars: settings.maxTraceChars ?? limits.maxTraceChars,
  };
  const shortened = new WeakMap<Trace, number>();
  const knowledge = { traits: createLearned(bestTraits), room, shortened };
  const model = formatModelName(name);
  const title = `The judge ${model}`;
  const lane = desk.laneOf(name, title);
  const call = createCall(desk, { title, credentials: provider.credentials, lane });
  const recording = { price: priceOf(settings.prices, model), redact: desk.redact };
  const language = provider.languageModel(settings, name.model);
  const askWith = createAsk({ ...recording, language, model }, knowledge, call);
  const judge = (ask: Judge["ask"], embed: Judge["embed"]): Judge => ({
    model,
    embeddingModel: embedder.model,
    maxTraceChars: room.maxTraceChars,
    maxTextChars: embedder.maxTextChars,
    hasShortened: (trace) => shortened.has(trace),
    ask,
    embed,
  });
  return {
    with: (ledger) => judge(askWith(ledger), embedder.embedWith(ledger)),
    rehearsing: (ledger, standIn) =>
      judge((stage, subject, given, signal) => {
        const answered = languageStandIn(language, () => standIn.ask(stage, subject, given, signal));
        const rehearse = createAsk({ ...recording, language: answered, model }, knowledge, atOnce);
        return rehearse(ledger)(stage, subject, given, signal);
      }, embedder.rehearseWith(ledger)),
  };
}
