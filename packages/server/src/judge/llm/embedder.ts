import type { JudgeSettings } from "../../judge-settings.ts";
import { type Judge, JudgeError } from "../../metrics/judge.ts";
import { atOnce } from "../calls/at-once.ts";
import { type CallDesk, createCall } from "../calls/caller.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { ModelError } from "../model-error.ts";
import { formatModelName, type ModelName } from "../model-name.ts";
import { priceOf } from "../prices/price.ts";
import type { LlmProvider } from "../providers/provider.ts";
import { embeddingStandIn } from "../rehearsal/stand-ins.ts";
import { createEmbed } from "./embed.ts";

/** The half of a judge that embeds. */
export interface Embedder {
  /** `provider/model`. */
  readonly model: string;
  readonly maxTextChars: number;
  /** Embeds for whoever keeps this ledger. */
  embedWith(ledger: Ledger): Judge["embed"];
  /** Calls nobody: every text comes out alike. The ledger is told of each call that would have been made. */
  rehearseWith(ledger: Ledger): Judge["embed"];
}

/** Embeds with a model of a configured provider that has embeddings. */
export function createEmbedder(
  provider: LlmProvider,
  name: ModelName,
  settings: JudgeSettings,
  desk: CallDesk,
): Embedder {
  const { maxTextChars } = provider.limits(settings);
  const model = formatModelName(name);
  const embedding = provider.embeddingModel(settings, name.model);
  if (embedding === null) throw new TypeError(`The provider ${provider.key} has no embeddings.`);
  const title = `The embedding model ${model}`;
  const lane = desk.laneOf(name, title);
  const call = createCall(desk, { title, credentials: provider.credentials, lane });
  const recording = { model, price: priceOf(settings.prices, model), redact: desk.redact };
  return {
    model,
    maxTextChars,
    embedWith: createEmbed({ ...recording, embedding }, maxTextChars, call),
    rehearseWith: createEmbed({ ...recording, embedding: embeddingStandIn(embedding) }, maxTextChars, atOnce),
  };
}

/** Stands in where no embedding model can be had; runs that need one are refused before they get here. */
export function missingEmbedder({ message }: ModelError): Embedder {
  const refuse = () => async () => {
    throw new JudgeError(message);
  };
  return { model: "none", maxTextChars: 0, embedWith: refuse, rehearseWith: refuse };
}
