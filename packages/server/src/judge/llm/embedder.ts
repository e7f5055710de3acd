import type { JudgeSettings } from "../../judge-settings.ts";
import { type Judge, JudgeError } from "../../metrics/judge.ts";
import { type CallDesk, createCall } from "../calls/caller.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { ModelError } from "../model-error.ts";
import { formatModelName, type ModelName } from "../model-name.ts";
import { priceOf } from "../prices/price.ts";
import type { LlmProvider } from "../providers/provider.ts";
import { createEmbed } from "./embed.ts";
import { createLearned } from "./traits.ts";

/** The half of a judge that embeds. */
export interface Embedder {
  /** `provider/model`. */
  readonly model: string;
  readonly maxTextChars: number;
  /** Embeds for whoever keeps this ledger. */
  embedWith(ledger: Ledger): Judge["embed"];
}

/** Embeds with a model of a configured provider that has embeddings. */
export function createEmbedder(
  provider: LlmProvider,
  name: ModelName,
  settings: JudgeSettings,
  desk: CallDesk,
): Embedder {
  const maxTextChars = createLearned(provider.limits(settings).maxTextChars);
  const model = formatModelName(name);
  const embedding = provider.embeddingModel(settings, name.model);
  if (embedding === null) throw new TypeError(`The provider ${provider.key} has no embeddings.`);
  const title = `The embedding model ${model}`;
  const lane = desk.laneOf(name, title);
  const call = createCall(desk, { title, credentials: provider.credentials, lane });
  return {
    model,
    get maxTextChars() {
      return maxTextChars.current;
    },
    embedWith: createEmbed(
      { embedding, model, price: priceOf(settings.prices, model), redact: desk.redact },
      maxTextChars,
      call,
    ),
  };
}

/** Stands in where no embedding model can be had; runs that need one are refused before they get here. */
export function missingEmbedder({ message }: ModelError): Embedder {
  return {
    model: "none",
    maxTextChars: 0,
    embedWith: () => async () => {
      throw new JudgeError(message);
    },
  };
}
