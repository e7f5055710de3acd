import type { ModelLimit, ModelPrice, ProviderInfo } from "@pandaprobe/contract";
import {
  findProvider,
  formatModelName,
  ModelError,
  type ModelName,
  type Price,
  parseModelName,
} from "@pandaprobe/contract/rules";
import type { JudgeSettings } from "../config/judge-settings.ts";
import { type Judge, wrapJudge } from "../metrics/judge.ts";
import { InFlight } from "./call/in-flight.ts";
import { createHeuristicJudge } from "./heuristic/heuristic-judge.ts";
import { type Ledger, noLedger } from "./ledger/ledger.ts";
import { type Coordinator, createLocalCoordinator } from "./limits/coordinator.ts";
import {
  createEmbedder,
  createLlmJudge,
  type Embedder,
  type JudgeContext,
  type LlmJudge,
  missingEmbedder,
  type SharedResources,
} from "./llm/llm-judge.ts";
import { listPrices, priceOf } from "./prices/prices.ts";
import { listProviders, llmProvider } from "./providers.ts";
import { createStartOrder } from "./queue/fair-queue.ts";
import { ModelQueues } from "./queue/model-queues.ts";
import { createRedact } from "./redact.ts";
import {
  checkAllowedModels,
  isAllowed,
  type PriceReason,
  requirePrice,
  resolveEmbeddingModel,
  resolveModel,
} from "./resolve-models.ts";

/** The models of a run. */
export interface ResolvedModels {
  /** `provider/model`, which is stored with the run and passed to `judgeFor`. */
  readonly model: string;
  /** `provider/model`, or null if the run needs no embeddings. */
  readonly embeddingModel: string | null;
}

/** What a run needs from its models. */
export interface ModelNeeds {
  /** Whether the run embeds texts. Default: false. */
  readonly embeddings?: boolean | undefined;
  /** Whether the run asks the judge questions. Default: false. */
  readonly questions?: boolean | undefined;
  /** The setting that requires known prices. Default: none. */
  readonly prices?: PriceReason | undefined;
}

/** All judges of a process. They share the queues of its models. */
export interface Judges {
  /**
   * The models for a run that requests `model` (null: the default).
   *
   * @throws ModelError if one of them cannot be used.
   */
  resolve(model: string | null, needs: ModelNeeds): ResolvedModels;
  /**
   * The judge with a resolved model. Default context: nothing is recorded, and calls are not aborted.
   *
   * @throws ModelError if its provider is no longer configured.
   */
  judgeFor(model: string, context?: JudgeContext): Judge;
  /**
   * The same judge without calls to a model: the heuristic answers what `ledger` does not know, and the ledger records the
   * calls that would be made. Default repeat: 1.
   */
  dryRun(model: string, ledger: Ledger, repeat?: number): Judge;
  /**
   * The same judge, which answers what `ledger` knows and throws what `missing` throws for all else.
   *
   * @throws ModelError if its provider is no longer configured.
   */
  replay(model: string, ledger: Ledger, repeat: number, missing: () => never): Judge;
  /** The price of a model (`provider/model`); `null` if unknown. */
  priceOf(model: string): Price | null;
  /**
   * The models (`provider/model`) that are down or paused, so that no work for them should start now. Embedding models are left
   * out, because most targets of a run may need no embeddings.
   */
  blockedModels(): readonly string[];
  listProviders(): ProviderInfo[];
  /** The limits in `JUDGE_LIMITS`. */
  listLimits(): ModelLimit[];
  /** All known prices. */
  listPrices(): ModelPrice[];
}

/**
 * @throws ModelError if `EVAL_LLM_MODEL`, `EVAL_EMBEDDING_MODEL`, `JUDGE_MODELS`, `JUDGE_PRICES` or `JUDGE_LIMITS` contains an
 * invalid model name, or if `EVAL_LLM_MODEL` is not allowed. The message names the variable.
 */
export function checkModelNames(settings: JudgeSettings): void {
  checkName("EVAL_LLM_MODEL", settings.llmModel);
  checkName("EVAL_EMBEDDING_MODEL", settings.embeddingModel);
  naming("JUDGE_MODELS", () => checkAllowedModels(settings.models));
  if (settings.llmModel !== null && !isAllowed(settings.models, parseModelName(settings.llmModel))) {
    throw new ModelError(
      "model_not_allowed",
      `EVAL_LLM_MODEL is ${settings.llmModel}, which JUDGE_MODELS does not allow.`,
    );
  }
  for (const model of Object.keys(settings.prices)) checkName("JUDGE_PRICES", model);
  for (const key of Object.keys(settings.limits)) {
    checkName("JUDGE_LIMITS", key.includes("/") ? key : `${key}/any-model`);
  }
}

/**
 * @param coordinator shares rate limits and outages with other processes. Default: shares nothing.
 * @throws ModelError like `checkModelNames`.
 */
export function createJudges(
  given: JudgeSettings,
  coordinator: Coordinator = createLocalCoordinator(),
): Judges {
  checkModelNames(given);
  const settings = withCanonicalNames(given);
  // The AI SDK prints a warning for each setting that a model does not support; we drop those settings on purpose.
  globalThis.AI_SDK_LOG_WARNINGS = false;

  const queues = new ModelQueues(settings, coordinator);
  const shared: SharedResources = {
    settings,
    queues,
    startOrder: createStartOrder(),
    inFlight: new InFlight(),
    redact: createRedact([settings.openai.apiKey, settings.anthropic.apiKey, settings.googleGenai.apiKey]),
  };
  const heuristic = createHeuristicJudge();
  const judges = new Map<string, LlmJudge>();
  const embedders = new Map<string, Embedder>();

  function embedderFor(judging: ModelName): Embedder {
    const name = resolveEmbeddingModel(settings, judging);
    const provider = llmProvider(name.provider);
    if (provider === undefined) {
      const { model, maxTextChars, embed } = heuristic;
      return { model, maxTextChars, with: () => embed, dryRun: () => embed };
    }
    const key = formatModelName(name);
    const embedder = embedders.get(key) ?? createEmbedder(provider, name, shared);
    embedders.set(key, embedder);
    return embedder;
  }

  function embedderIfAny(judging: ModelName): Embedder {
    try {
      return embedderFor(judging);
    } catch (error) {
      if (error instanceof ModelError) return missingEmbedder(error);
      throw error;
    }
  }

  /** Undefined for the heuristic judge. */
  function llmJudge(model: string): LlmJudge | undefined {
    const name = resolveModel(settings, model);
    const provider = llmProvider(name.provider);
    if (provider === undefined) return undefined;
    const key = formatModelName(name);
    const judge = judges.get(key) ?? createLlmJudge(provider, name, embedderIfAny(name), shared);
    judges.set(key, judge);
    return judge;
  }

  return {
    resolve(requested, needs) {
      const name = resolveModel(settings, requested);
      const embedding = needs.embeddings ? resolveEmbeddingModel(settings, name) : null;
      if (needs.prices) {
        if (needs.questions) requirePrice(settings, name, needs.prices);
        if (embedding !== null) requirePrice(settings, embedding, needs.prices);
      }
      return {
        model: formatModelName(name),
        embeddingModel: embedding && formatModelName(embedding),
      };
    },
    judgeFor: (model, context = { ledger: noLedger, abortCalls: new AbortController().signal }) =>
      llmJudge(model)?.with(context) ?? heuristic,
    dryRun: (model, ledger, repeat) => llmJudge(model)?.dryRun(ledger, heuristic, repeat) ?? heuristic,
    replay: (model, ledger, repeat, missing) => {
      const standIn = wrapJudge(heuristic, { ask: async () => missing() });
      return llmJudge(model)?.dryRun(ledger, standIn, repeat) ?? heuristic;
    },
    priceOf: (model) => priceOf(settings.prices, model),
    blockedModels: () => queues.blocked().filter((model) => judges.has(model)),
    listProviders: () => listProviders(settings),
    listLimits: () =>
      Object.entries(settings.limits).map(([model, limits]) => ({
        model,
        concurrency: limits.concurrency,
        requests_per_minute: limits.requestsPerMinute,
        tokens_per_minute: limits.tokensPerMinute,
      })),
    listPrices: () => listPrices(settings.prices),
  };
}

/** The settings with canonical model names as keys of prices and limits: `gemini/…` becomes `google_genai/…`. */
function withCanonicalNames(settings: JudgeSettings): JudgeSettings {
  const renamed = <Value>(list: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(
      Object.entries(list).map(([key, value]) => [
        key.includes("/") ? formatModelName(parseModelName(key)) : (findProvider(key) ?? key),
        value,
      ]),
    );
  return { ...settings, prices: renamed(settings.prices), limits: renamed(settings.limits) };
}

function checkName(variable: string, name: string | null): void {
  naming(variable, () => name !== null && parseModelName(name));
}

function naming(variable: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw error instanceof ModelError ? new ModelError(error.code, `${variable}: ${error.message}`) : error;
  }
}
