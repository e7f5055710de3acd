import { maxTokens, tokenCounts } from "../../common/span-totals.ts";
import type { SpanCreate, SpanResponse } from "../../spans.ts";
import type { Price } from "./list-prices.ts";
import type { SpanPrices } from "./span-prices.ts";

/** The value of a span's `metadata.cost_source` if the server computed the cost. */
const priceTable = "price_table";

type Usage = SpanCreate["token_usage"];
type PricedSpan = Pick<SpanCreate, "kind" | "model" | "token_usage" | "cost">;

/** Whether the sender said what a span cost. */
function hasOwnCost({ cost }: Pick<PricedSpan, "cost">): boolean {
  return cost != null && Object.keys(cost).length > 0;
}

/**
 * The cost of a model call in USD, from its model and tokens; `null` if the sender gave a cost, or if model, price or
 * tokens are unknown.
 */
export function computedCost(span: PricedSpan, prices: SpanPrices): number | null {
  if (!callsModel(span) || hasOwnCost(span) || span.token_usage == null || !span.model) return null;
  const price = prices(span.model);
  return price && costOf(span.token_usage, price);
}

/** Whether a span has an unknown cost. */
export function isUnpriced(span: PricedSpan, computed: number | null): boolean {
  const { total_tokens } = tokenCounts(span.token_usage);
  return callsModel(span) && (total_tokens > 0 || !!span.model) && !hasOwnCost(span) && computed === null;
}

/** The cost and metadata of a span in a response. */
export function shownCost(
  { cost, metadata }: Pick<SpanResponse, "cost" | "metadata">,
  computed: number | null,
): Pick<SpanResponse, "cost" | "metadata"> {
  if (computed === null || hasOwnCost({ cost })) return { cost, metadata };
  return { cost: { total: computed }, metadata: { ...metadata, cost_source: priceTable } };
}

/** A computed cost that a client reads and sends back is not the sender's own, and would not change with the tokens. */
export function withoutComputedCost<Span extends Pick<SpanCreate, "cost"> & { metadata?: unknown }>(
  span: Span,
): Span {
  const { metadata } = span;
  if (!isMarked(metadata)) return span;
  const { cost_source: _mark, ...others } = metadata;
  const { cost: _cost, ...sent } = span;
  return { ...sent, metadata: others } as Span;
}

function isMarked(metadata: unknown): metadata is { readonly cost_source: string } {
  return (
    typeof metadata === "object" &&
    metadata !== null &&
    "cost_source" in metadata &&
    metadata.cost_source === priceTable
  );
}

function callsModel({ kind }: PricedSpan): boolean {
  return kind === "LLM" || kind === "EMBEDDING";
}

/** `null` if the cost cannot be computed from the tokens. */
function costOf(usage: NonNullable<Usage>, price: Price): number | null {
  const tokens = billedTokens(usage, price);
  if (tokens === null) return null;
  const { input, cached, written, output } = tokens;
  if (input + cached + written > (price.maxInputTokens ?? Number.POSITIVE_INFINITY)) return null;
  const usd =
    (input * price.inputUsdPerMtok +
      cached * (price.cachedInputUsdPerMtok ?? price.inputUsdPerMtok) +
      written * (price.cacheWriteUsdPerMtok ?? price.inputUsdPerMtok) +
      output * price.outputUsdPerMtok) /
    1e6;
  // Prices are decimal, so the last binary digits are noise.
  return Number(usd.toPrecision(15));
}

interface BilledTokens {
  /** Input that was neither read from nor written to the cache. */
  readonly input: number;
  readonly cached: number;
  readonly written: number;
  readonly output: number;
}

/** `null` if tokens are missing, or some of them have other prices. */
function billedTokens(usage: NonNullable<Usage>, price: Price): BilledTokens | null {
  const sent = readUsage(usage);
  const isEmbedding = price.outputUsdPerMtok === 0;
  const input = sent.input ?? (isEmbedding && sent.output === undefined ? sent.total : undefined);
  const output = sent.output ?? (isEmbedding ? 0 : undefined);
  if (input === undefined || input === 0 || output === undefined || sent.hasOtherPrices) return null;
  const { cached, written, reasoning } = sent;
  // Anthropic counts cached input separately, others as part of the input.
  const cachesBeside = sent.cachesBeside || cached + written > input;
  const plain = cachesBeside ? input : input - cached - written;
  const counted = plain + cached + written + output;
  // Google counts reasoning separately, others as part of the output.
  const reasonsBeside = sent.total !== undefined && sent.total === counted + reasoning;
  const all = reasonsBeside ? counted + reasoning : counted;
  if (sent.total !== undefined && sent.total > all) return null;
  return { input: plain, cached, written, output: reasonsBeside ? output + reasoning : output };
}

/** The token counts, by the names that providers and frameworks use. */
function readUsage(usage: NonNullable<Usage>) {
  const anthropicCached = firstCount(usage, paths.anthropicCached);
  const anthropicWritten = firstCount(usage, paths.anthropicWritten);
  return {
    input: firstCount(usage, paths.input),
    output: firstCount(usage, paths.output),
    total: firstCount(usage, paths.total),
    cached: anthropicCached ?? firstCount(usage, paths.cached) ?? 0,
    written: anthropicWritten ?? firstCount(usage, paths.written) ?? 0,
    cachesBeside: anthropicCached !== undefined || anthropicWritten !== undefined,
    reasoning: firstCount(usage, paths.reasoning) ?? 0,
    hasOtherPrices: paths.otherwisePriced.some((path) => (countAt(usage, path) ?? 0) > 0),
  };
}

/** A field of a usage, or a field of an object in it. */
type Path = readonly [key: string, part?: string];

const paths = {
  input: [["prompt_tokens"], ["input_tokens"]],
  output: [["completion_tokens"], ["output_tokens"]],
  total: [["total_tokens"]],
  anthropicCached: [["cache_read_input_tokens"]],
  anthropicWritten: [["cache_creation_input_tokens"]],
  cached: [
    ["cache_read_tokens"],
    ["cached_tokens"],
    ["cached_input_tokens"],
    ["prompt_tokens_details", "cached_tokens"],
    ["input_tokens_details", "cached_tokens"],
  ],
  written: [["cache_creation_tokens"], ["cache_write_tokens"]],
  reasoning: [
    ["reasoning_tokens"],
    ["completion_tokens_details", "reasoning_tokens"],
    ["output_tokens_details", "reasoning_tokens"],
  ],
  otherwisePriced: [
    ["prompt_tokens_details", "audio_tokens"],
    ["completion_tokens_details", "audio_tokens"],
    ["cache_creation", "ephemeral_1h_input_tokens"],
  ],
} satisfies Record<string, readonly Path[]>;

function firstCount(usage: NonNullable<Usage>, from: readonly Path[]): number | undefined {
  for (const path of from) {
    const found = countAt(usage, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function countAt(usage: NonNullable<Usage>, [key, part]: Path): number | undefined {
  const value = usage[key];
  const found = part === undefined ? value : (value as Record<string, unknown> | null | undefined)?.[part];
  if (typeof found !== "number" || !Number.isFinite(found) || found < 0) return undefined;
  // Sums of costs stay finite.
  return Math.min(found, maxTokens);
}
