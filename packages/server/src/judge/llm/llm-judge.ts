import { formatModelName, JudgeError, type ModelError, type ModelName } from "@pandaprobe/contract/rules";
import type { JudgeSettings } from "../../config/judge-settings.ts";
import type { Judge } from "../../metrics/judge.ts";
import type { Findings } from "../../metrics/stage.ts";
import { callModel } from "../call/call-model.ts";
import { callInDryRun, pretendedEmbedding, pretendedLanguage } from "../call/dry-run.ts";
import { InFlight } from "../call/in-flight.ts";
import type { CallableModel, Question } from "../call/question.ts";
import { anyVector } from "../ledger/dry-run-ledger.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { priceOf } from "../prices/prices.ts";
import type { LlmProvider } from "../providers/provider.ts";
import type { Ages } from "../queue/fair-queue.ts";
import type { ModelQueues } from "../queue/model-queues.ts";
import { type CallableLanguage, languageQuestion, type StageQuestion } from "./ask.ts";
import { type CallableEmbedding, embedTexts } from "./embed.ts";
import { bestTraits, createLearned } from "./traits.ts";

/** What all models of a process share. */
export interface Shared {
  readonly settings: JudgeSettings;
  readonly queues: ModelQueues;
  readonly ages: Ages;
  readonly inFlight: InFlight;
  redact(text: string): string;
}

/** Whose calls are made, and until when. */
export interface JudgeContext {
  readonly ledger: Ledger;
  /** Aborts calls in flight. The signal of a question only keeps new calls from starting. */
  readonly abortCalls: AbortSignal;
}

/** A judge for each run; all of them share what has been learned about the model. */
export interface LlmJudge {
  with(context: JudgeContext): Judge;
  /** The same without calling a model: what the ledger does not know, `pretended` answers. The ledger records each call. */
  dryRun(ledger: Ledger, pretended: Judge): Judge;
}

/** The half of a judge that embeds. */
export interface Embedder {
  /** `provider/model`. */
  readonly model: string;
  readonly maxTextChars: number;
  with(context: JudgeContext): Judge["embed"];
  dryRun(ledger: Ledger): Judge["embed"];
}

/** Judges that ask a model of a configured provider, and embed with `embedder`. */
export function createLlmJudge(
  provider: LlmProvider,
  modelName: ModelName,
  embedder: Embedder,
  shared: Shared,
): LlmJudge {
  const { settings, inFlight } = shared;
  const limits = provider.limits(settings);
  const name = formatModelName(modelName);
  const model: CallableLanguage = {
    ...callable(provider, modelName, `The judge ${name}`, shared),
    language: provider.languageModel(settings, modelName.model),
    name,
    traits: createLearned(bestTraits),
    room: {
      maxOutputTokens: settings.maxOutputTokens ?? limits.maxOutputTokens,
      // Long answers are rare: one verdict for each of hundreds of tool calls. A limit set by hand is kept.
      mostOutputTokens: settings.maxOutputTokens ?? limits.maxOutputTokens * 4,
      maxTraceChars: settings.maxTraceChars ?? limits.maxTraceChars,
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
    { ledger, abortCalls }: JudgeContext,
    asked: StageQuestion<Given, Answer>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const question = languageQuestion(model, ledger, asked);
    using _asking = await inFlight.enter(ledger.scope, question.id, signal);
    return await callModel(model, question, { ledger, signal, abortCalls });
  }

  return {
    with: (context) =>
      judge(
        (stage, subject, given, signal) => ask(context, { stage, subject, given }, signal),
        embedder.with(context),
      ),
    dryRun: (ledger, pretended) =>
      judge((stage, subject, given, signal) => {
        const language = pretendedLanguage(() => pretended.ask(stage, subject, given, signal));
        return callInDryRun(
          languageQuestion({ ...model, language }, ledger, { stage, subject, given }),
          ledger,
        );
      }, embedder.dryRun(ledger)),
  };
}

/** Embeds with a model of a configured provider that has embeddings. */
export function createEmbedder(provider: LlmProvider, modelName: ModelName, shared: Shared): Embedder {
  const { settings, inFlight } = shared;
  const name = formatModelName(modelName);
  const embedding = provider.embeddingModel(settings, modelName.model);
  if (embedding === null) throw new TypeError(`The provider ${provider.key} has no embeddings.`);
  const { maxTextChars } = provider.limits(settings);
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
      const pretended = { ...model, embedding: pretendedEmbedding(embedding, anyVector) };
      const call = <Result>(question: Question<Result>) => callInDryRun(question, ledger);
      return embedTexts(pretended, ledger, { texts, traceIds }, new InFlight(), call, signal);
    },
  };
}

/** Stands in where no embedding model is available; runs that need one are refused before they get here. */
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
  { settings, queues, ages, redact }: Shared,
): CallableModel {
  const price = priceOf(settings.prices, formatModelName(modelName));
  return { queue: queues.of(modelName, title), ages, price, credentials, policy: settings, redact };
}
