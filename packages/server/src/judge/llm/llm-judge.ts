import { formatModelName, JudgeError, type ModelError, type ModelName } from "@pandaprobe/contract/rules";
import type { JudgeSettings } from "../../config/judge-settings.ts";
import type { Judge } from "../../metrics/judge.ts";
import type { Findings } from "../../metrics/stage.ts";
import { callModel } from "../call/call-model.ts";
import { callInDryRun, fakeEmbeddingModel, fakeLanguageModel } from "../call/dry-run.ts";
import { InFlight } from "../call/in-flight.ts";
import type { CallableModel, Question } from "../call/question.ts";
import { placeholderVector } from "../ledger/dry-run-ledger.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { priceOf } from "../prices/prices.ts";
import type { LlmProvider } from "../providers/provider.ts";
import type { StartOrder } from "../queue/fair-queue.ts";
import type { ModelQueues } from "../queue/model-queues.ts";
import { type CallableLanguage, languageQuestion, type StageQuestion } from "./ask.ts";
import { type CallableEmbedding, embedTexts } from "./embed.ts";
import { bestTraits, createLearned } from "./traits.ts";

/** What all models of a process share. */
export interface SharedResources {
  readonly settings: JudgeSettings;
  readonly queues: ModelQueues;
  readonly startOrder: StartOrder;
  readonly inFlight: InFlight;
  redact(text: string): string;
}

/** The ledger of a judge's calls, and the signal that aborts them. */
export interface JudgeContext {
  readonly ledger: Ledger;
  /** Aborts calls in flight. The signal of a question only prevents new calls. */
  readonly abortCalls: AbortSignal;
  /** Which of several judges that share no answers this is. Default: 1. Embeddings are shared by all. */
  readonly repeat?: number | undefined;
}

/** Creates the judges of all runs with one model. They share what was learned about its endpoint. */
export interface LlmJudge {
  with(context: JudgeContext): Judge;
  /** The same without calling a model: what the ledger does not know, `standIn` answers. The ledger records each call. */
  dryRun(ledger: Ledger, standIn: Judge, repeat?: number): Judge;
}

/** The part of a judge that embeds. */
export interface Embedder {
  /** `provider/model`. */
  readonly model: string;
  readonly maxTextChars: number;
  with(context: JudgeContext): Judge["embed"];
  dryRun(ledger: Ledger): Judge["embed"];
}

/** Creates judges that ask a model of a configured provider and embed with `embedder`. */
export function createLlmJudge(
  provider: LlmProvider,
  modelName: ModelName,
  embedder: Embedder,
  shared: SharedResources,
): LlmJudge {
  const { settings, inFlight } = shared;
  const sizes = provider.sizes(settings);
  const name = formatModelName(modelName);
  const model: CallableLanguage = {
    ...callable(provider, modelName, `The judge ${name}`, shared),
    language: provider.languageModel(settings, modelName.model),
    name,
    traits: createLearned(bestTraits),
    room: {
      maxOutputTokens: settings.maxOutputTokens ?? sizes.maxOutputTokens,
      // Long answers are rare, such as verdicts on hundreds of tool calls. A configured limit is never exceeded.
      maxOutputTokensAfterCut: settings.maxOutputTokens ?? sizes.maxOutputTokens * 4,
      maxTraceChars: settings.maxTraceChars ?? sizes.maxTraceChars,
    },
    shortened: new WeakMap(),
  };
  const judge = (ask: Judge["ask"], embed: Judge["embed"]): Judge => ({
    model: name,
    embeddingModel: embedder.model,
    maxTraceChars: model.room.maxTraceChars,
    maxTextChars: embedder.maxTextChars,
    hasShortened: (trace) => model.shortened.has(trace),
    ask,
    embed,
  });

  async function ask<Given extends Findings, Answer>(
    { ledger, abortCalls, repeat = 1 }: JudgeContext,
    asked: Omit<StageQuestion<Given, Answer>, "repeat">,
    signal: AbortSignal,
  ): Promise<Answer> {
    const question = languageQuestion(model, ledger, { ...asked, repeat });
    using _asking = await inFlight.enter(ledger.scope, `${repeat} ${question.id}`, signal);
    return await callModel(model, question, { ledger, signal, abortCalls });
  }

  return {
    with: (context) =>
      judge(
        (stage, subject, given, signal) => ask(context, { stage, subject, given }, signal),
        embedder.with(context),
      ),
    dryRun: (ledger, standIn, repeat = 1) =>
      judge((stage, subject, given, signal) => {
        const language = fakeLanguageModel(() => standIn.ask(stage, subject, given, signal));
        return callInDryRun(
          languageQuestion({ ...model, language }, ledger, { repeat, stage, subject, given }),
          ledger,
        );
      }, embedder.dryRun(ledger)),
  };
}

/** Creates an embedder with an embedding model of a configured provider. */
export function createEmbedder(
  provider: LlmProvider,
  modelName: ModelName,
  shared: SharedResources,
): Embedder {
  const { settings, inFlight } = shared;
  const name = formatModelName(modelName);
  const embedding = provider.embeddingModel(settings, modelName.model);
  if (embedding === null) throw new TypeError(`The provider ${provider.key} has no embeddings.`);
  const { maxTextChars } = provider.sizes(settings);
  const title = `The embedding model ${name}`;
  const model: CallableEmbedding = {
    ...callable(provider, modelName, title, shared),
    embedding,
    name,
    maxTextChars,
  };
  return {
    model: name,
    maxTextChars,
    with:
      ({ ledger, abortCalls }) =>
      (texts, signal, traceIds) => {
        const call = <Result>(question: Question<Result>) =>
          callModel(model, question, { ledger, signal, abortCalls });
        return embedTexts(model, ledger, { texts, traceIds }, inFlight, call, signal);
      },
    dryRun: (ledger) => (texts, signal, traceIds) => {
      const standIn = { ...model, embedding: fakeEmbeddingModel(embedding, placeholderVector) };
      const call = <Result>(question: Question<Result>) => callInDryRun(question, ledger);
      return embedTexts(standIn, ledger, { texts, traceIds }, new InFlight(), call, signal);
    },
  };
}

/** The embedder if no embedding model is available. Runs that need one are refused earlier. */
export function missingEmbedder({ message }: ModelError): Embedder {
  const refuse = () => async () => {
    throw new JudgeError(message);
  };
  return { model: "none", maxTextChars: 0, with: refuse, dryRun: refuse };
}

function callable(
  { credentials }: LlmProvider,
  modelName: ModelName,
  title: string,
  { settings, queues, startOrder, redact }: SharedResources,
): CallableModel {
  const price = priceOf(settings.prices, formatModelName(modelName));
  return { queue: queues.of(modelName, title), startOrder, price, credentials, policy: settings, redact };
}
