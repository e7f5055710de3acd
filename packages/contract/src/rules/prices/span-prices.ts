import { findProvider } from "../judges/model-name.ts";
import { listPrices, type Price, type PriceList } from "./list-prices.ts";

/** The price of a model by the name that a sender uses; `null` if unknown. */
export type SpanPrices = (model: string) => Price | null;

/** The operator's prices. */
export interface ConfiguredPrices {
  /** By the names that senders use: `SPAN_PRICES`. */
  readonly spans: PriceList;
  /** By `provider/model`: `JUDGE_PRICES`. */
  readonly judges: PriceList;
}

/** Google sells the same models, at the same prices, through both. */
const google = ["google_genai", "vertex_ai"] as const;

/** The providers that the part of a name before `/` or `:` can mean. */
const providersByPrefix: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ["openai", ["openai"]],
  ["anthropic", ["anthropic"]],
  ...["google", "gemini", "google_genai", "google-gla", "google_ai", "vertex_ai", "google-vertex"].map(
    (prefix) => [prefix, google] as const,
  ),
]);
const allProviders = ["openai", "anthropic", ...google] as const;

/** `anthropic.claude-haiku-4-5-20251001-v1:0`, in Amazon Bedrock. A region costs more, so it is not matched. */
const bedrockModel = /^(?:global\.)?anthropic\.(claude-[\w.-]{1,100}?)(?:-v\d{1,2}(?::\d{1,2})?)?$/;
const vertexModel = /^(?:projects\/[^/]+\/locations\/[^/]+\/)?publishers\/google\/models\/([^/]+)$/;
/** A dated version costs as much as its model, unless it is listed itself. */
const datedVersion = /-(?:\d{4}-\d{2}-\d{2}|\d{8})$/;
const geminiVersion = /-00\d$/;

/**
 * Prices for spans. A name matches only if it is certain which model it means; everything else is unknown:
 *
 * 1. as it is, in `SPAN_PRICES`;
 * 2. as `provider/model`, in `JUDGE_PRICES`, then among the list prices;
 * 3. the same without a resource path, Bedrock's affixes, or a version.
 */
export function spanPrices({ spans, judges }: ConfiguredPrices): SpanPrices {
  const configured = new Map(Object.entries(spans));
  const known = new Map(Object.entries({ ...listPrices, ...withCanonicalProviders(judges) }));
  return (model) => {
    const exact = configured.get(model) ?? known.get(model);
    if (exact !== undefined) return exact;
    const { providers, name } = readName(model.trim().toLowerCase());
    for (const candidate of spellings(name, providers)) {
      const found = providers.flatMap((provider) => known.get(`${provider}/${candidate}`) ?? []);
      const [first] = found;
      // Models of different providers with one name may have different prices.
      if (first !== undefined) return found.every((other) => isSame(first, other)) ? first : null;
    }
    return null;
  };
}

interface NamedModel {
  readonly providers: readonly string[];
  readonly name: string;
}

function readName(model: string): NamedModel {
  const bedrock = bedrockModel.exec(model)?.[1];
  if (bedrock !== undefined) return { providers: ["anthropic"], name: bedrock };
  const published = vertexModel.exec(model)?.[1];
  if (published !== undefined) return { providers: ["vertex_ai"], name: published };
  const separator = /[/:]/.exec(model)?.index ?? -1;
  if (separator === -1) return { providers: allProviders, name: model };
  const [prefix, rest] = [model.slice(0, separator), model.slice(separator + 1)];
  if (prefix === "models") return { providers: ["google_genai"], name: rest };
  const name = prefix === "gemini" || prefix === "google_genai" ? rest.replace(/^models\//, "") : rest;
  return { providers: providersByPrefix.get(prefix) ?? [], name };
}

/** The ways in which the lists may write a model, the most exact first. */
function spellings(name: string, providers: readonly string[]): readonly string[] {
  const plain = name.replace(datedVersion, "");
  if (name.startsWith("gemini-")) return [name, plain, name.replace(geminiVersion, "")];
  if (!name.startsWith("claude-") || !providers.includes("anthropic")) return [name, plain];
  // OpenRouter writes Anthropic's versions with dots.
  return [name, plain, plain.replaceAll(".", "-").replace(/-latest$/, "")];
}

function withCanonicalProviders(judges: PriceList): PriceList {
  return Object.fromEntries(
    Object.entries(judges).map(([model, price]) => {
      const slash = model.indexOf("/");
      const prefix = model.slice(0, slash);
      return [`${findProvider(prefix) ?? prefix}${model.slice(slash)}`, price];
    }),
  );
}

function isSame(one: Price, other: Price): boolean {
  return (
    one.inputUsdPerMtok === other.inputUsdPerMtok &&
    one.outputUsdPerMtok === other.outputUsdPerMtok &&
    one.cachedInputUsdPerMtok === other.cachedInputUsdPerMtok &&
    one.cacheWriteUsdPerMtok === other.cacheWriteUsdPerMtok &&
    one.maxInputTokens === other.maxInputTokens
  );
}
