import type { JudgeSettings } from "../../judge-settings.ts";
import type { Judge } from "../../metrics/judge.ts";
import { type CallDesk, createCall } from "../calls/caller.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { formatModelName, type ModelName } from "../model-name.ts";
import { priceOf } from "../prices/price.ts";
import type { LlmProvider } from "../providers/provider.ts";
import { createAsk } from "./ask.ts";
import type { Embedder } from "./embedder.ts";
import { createLearned, type Traits } from "./traits.ts";

/** A judge for whoever keeps this ledger; all of them share what has been learned of the model. */
export type JudgeWith = (ledger: Ledger) => Judge;

/** Judges that ask a model of a configured provider, and embed with `embedder`. */
export function createLlmJudge(
  provider: LlmProvider,
  name: ModelName,
  embedder: Embedder,
  settings: JudgeSettings,
  desk: CallDesk,
): JudgeWith {
  const limits = provider.limits(settings);
  const traits = createLearned<Traits>({
    answerFormat: "json_schema",
    temperature: true,
    limitName: "max_tokens",
    maxOutputTokens: settings.maxOutputTokens ?? limits.maxOutputTokens,
    // Long answers are rare: one verdict for each of hundreds of tool calls. A limit set by hand is kept.
    mostOutputTokens: settings.maxOutputTokens ?? limits.maxOutputTokens * 4,
    maxTraceChars: settings.maxTraceChars ?? limits.maxTraceChars,
  });
  const model = formatModelName(name);
  const title = `The judge ${model}`;
  const lane = desk.laneOf(name, title);
  const call = createCall(desk, { title, credentials: provider.credentials, lane });
  const recording = { price: priceOf(settings.prices, model), redact: desk.redact };
  const language = provider.languageModel(settings, name.model);
  const askWith = createAsk({ ...recording, language, model }, traits, call);
  return (ledger) => ({
    model,
    embeddingModel: embedder.model,
    get maxTraceChars() {
      return traits.current.maxTraceChars;
    },
    get maxTextChars() {
      return embedder.maxTextChars;
    },
    ask: askWith(ledger),
    embed: embedder.embedWith(ledger),
  });
}
