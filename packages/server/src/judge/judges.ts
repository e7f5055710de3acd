import type { JudgeSettings, Price } from "../judge-settings.ts";
import type { Judge } from "../metrics/judge.ts";
import type { CallDesk } from "./calls/caller.ts";
import { Lanes } from "./calls/lanes.ts";
import { createRedact } from "./calls/redact.ts";
import { createTurns } from "./calls/turns.ts";
import { createHeuristicJudge } from "./heuristic/heuristic-judge.ts";
import { type Ledger, noLedger } from "./ledger/ledger.ts";
import { createOwnExchange, type Exchange } from "./limits/exchange.ts";
import { createEmbedder, type Embedder, missingEmbedder } from "./llm/embedder.ts";
import { createLlmJudge, type LlmJudge } from "./llm/llm-judge.ts";
import { ModelError } from "./model-error.ts";
import { formatModelName, type ModelName, parseModelName } from "./model-name.ts";
import { type CostLimit, checkPrice } from "./prices/check-price.ts";
import { priceOf } from "./prices/price.ts";
import { listProviders, llmProvider, type ProviderRow } from "./providers.ts";
import { resolveEmbeddingModel, resolveModel } from "./resolve-models.ts";

/** The models of a run. */
export interface ResolvedModels {
  /** `provider/model`: what is stored with the run and handed to `judgeFor`. */
  readonly model: string;
  /** `provider/model`, or null if the run needs no embeddings. */
  readonly embeddingModel: string | null;
}

/** What a run needs of its models. */
export interface ModelNeeds {
  /** Whether anything is embedded. Default: false. */
  readonly embeddings?: boolean | undefined;
  /** Whether the judge is asked anything. */
  readonly questions?: boolean | undefined;
  /** The limit for which the prices of what is asked have to be known. Default: they need not be. */
  readonly prices?: CostLimit | undefined;
}

/** All judges of a process. They share its places for calls in flight to each model. */
export interface Judges {
  /**
   * The models that judge a run which asks for `model` (null: none in particular).
   *
   * @throws ModelError
   */
  resolve(model: string | null, needs: ModelNeeds): ResolvedModels;
  /**
   * The judge of a resolved model, whose calls `ledger` records. What was learned of an endpoint is kept for the life of
   * the process. Without a ledger, nothing is recorded.
   *
   * @throws ModelError if its provider is not configured (any more).
   */
  judgeFor(model: string, ledger?: Ledger): Judge;
  /**
   * The judge that `judgeFor` gives, asking nobody: what `ledger` does not know, the heuristic answers. The ledger is told
   * of each call that would have been made; the heuristic makes none.
   */
  rehearse(model: string, ledger: Ledger): Judge;
  /** What a model (`provider/model`) costs; `null` where nobody said. */
  priceOf(model: string): Price | null;
  /**
   * The models (`provider/model`) for which no work should be begun now: they are down, or have asked to be left alone. Of
   * those that embed it says nothing, for a run may judge most of its targets without.
   */
  blockedModels(): readonly string[];
  listProviders(): ProviderRow[];
}

/**
 * @throws ModelError if `EVAL_LLM_MODEL`, `EVAL_EMBEDDING_MODEL`, `JUDGE_PRICES` or `JUDGE_LIMITS` names no known provider;
 * the message names the variable.
 */
export function checkModelNames(settings: JudgeSettings): void {
  checkName("EVAL_LLM_MODEL", settings.llmModel);
  checkName("EVAL_EMBEDDING_MODEL", settings.embeddingModel);
  for (const model of Object.keys(settings.prices)) checkName("JUDGE_PRICES", model);
  for (const key of Object.keys(settings.limits)) {
    checkName("JUDGE_LIMITS", key.includes("/") ? key : `${key}/any model`);
  }
}

/**
 * @param exchange shares limits, and what is known of providers in trouble, with other processes. Default: with none.
 * @throws ModelError as `checkModelNames` does.
 */
export function createJudges(settings: JudgeSettings, exchange: Exchange = createOwnExchange()): Judges {
  checkModelNames(settings);
  // The library prints a line for each setting that a model does not take; those are dropped on purpose.
  globalThis.AI_SDK_LOG_WARNINGS = false;

  const lanes = new Lanes(settings, exchange);
  const desk: CallDesk = {
    laneOf: (name, title) => lanes.of(name, title),
    turns: createTurns(),
    policy: settings,
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
      return { model, maxTextChars, embedWith: () => embed, rehearseWith: () => embed };
    }
    const key = formatModelName(name);
    const embedder = embedders.get(key) ?? createEmbedder(provider, name, settings, desk);
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

  /** Undefined for the heuristic. */
  function llmJudge(model: string): LlmJudge | undefined {
    const name = resolveModel(settings, model);
    const provider = llmProvider(name.provider);
    if (provider === undefined) return undefined;
    const key = formatModelName(name);
    const judge = judges.get(key) ?? createLlmJudge(provider, name, embedderIfAny(name), settings, desk);
    judges.set(key, judge);
    return judge;
  }

  return {
    resolve(requested, needs) {
      const name = resolveModel(settings, requested);
      const embedding = needs.embeddings ? resolveEmbeddingModel(settings, name) : null;
      if (needs.prices) {
        if (needs.questions) checkPrice(settings, name, needs.prices);
        if (embedding !== null) checkPrice(settings, embedding, needs.prices);
      }
      return {
        model: formatModelName(name),
        embeddingModel: embedding && formatModelName(embedding),
      };
    },
    judgeFor: (model, ledger = noLedger) => llmJudge(model)?.with(ledger) ?? heuristic,
    rehearse: (model, ledger) => llmJudge(model)?.rehearsing(ledger, heuristic) ?? heuristic,
    priceOf: (model) => priceOf(settings.prices, model),
    blockedModels: () => lanes.blocked().filter((model) => judges.has(model)),
    listProviders: () => listProviders(settings),
  };
}

function checkName(variable: string, name: string | null): void {
  try {
    if (name !== null) parseModelName(name);
  } catch (error) {
    throw error instanceof ModelError ? new ModelError(error.code, `${variable}: ${error.message}`) : error;
  }
}
