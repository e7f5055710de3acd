import { type Prompt, renderPrompt } from "../../metrics/prompt.ts";
import type { Findings, Stage } from "../../metrics/stage.ts";
import { renderSubject, type Subject } from "../../metrics/subject.ts";
import type { Trace } from "../../metrics/trace.ts";
import type { CallFailure } from "../call/call-failure.ts";
import { unusableAnswer } from "../call/classify-error.ts";
import type { CallableModel, ModelRequest, Question, Reply } from "../call/question.ts";
import { answerKey, type Ledger } from "../ledger/ledger.ts";
import { costUsd } from "../prices/prices.ts";
import { estimateTokens, maxTokensOf } from "../prices/tokens.ts";
import type { LanguageModel } from "../providers/provider.ts";
import { tokenCount } from "../providers/token-count.ts";
import { type AskPlan, adapt, type RefusedCall } from "./adapt.ts";
import { answerSchema, outputFormat } from "./output-format.ts";
import { answerText, readAnswer } from "./read-answer.ts";
import type { EndpointTraits, Learned, Room } from "./traits.ts";

/** A language model, with everything that a call to it needs. */
export interface CallableLanguage extends CallableModel {
  readonly language: Pick<LanguageModel, "doGenerate">;
  /** `provider/model`. */
  readonly name: string;
  /** What the endpoint supports. */
  readonly traits: Learned<EndpointTraits>;
  /** The sizes that a question starts with. */
  readonly room: Room;
  /** How many characters fit, for traces that did not fit as a whole. */
  readonly shortened: WeakMap<Trace, number>;
}

/** One stage of a metric about one trace. */
export interface StageQuestion<Given extends Findings, Answer> {
  /** Which of several answers to the question, from 1. Each has a key of its own. */
  readonly repeat: number;
  readonly stage: Stage<Given, Answer>;
  readonly subject: Subject;
  readonly given: Given;
}

/** Roughly what our instructions and the answer take. */
const wrappingTokens = 1_200;

/**
 * A stage as a question to a language model. A refused question is asked differently at once: a setting that the endpoint
 * refuses is left out from then on; a prompt that is too long is shortened for this trace only.
 */
export function languageQuestion<Given extends Findings, Answer>(
  model: CallableLanguage,
  ledger: Ledger,
  { repeat, stage, subject, given }: StageQuestion<Given, Answer>,
): Question<Answer> {
  const { room, traits, shortened } = model;
  const schema = answerSchema(stage.schema);
  // The key is made from this prompt, not from a shortened one: another process may not know that it has to be shortened.
  const whole = fitted(subject, room.maxTraceChars);
  const wholePrompt = renderPrompt(stage, whole, given);
  const id = answerKey({ model: model.name, ...wholePrompt, form: schema.inWords });
  // The first repeat shares the answer of runs without repeats.
  let key = repeat === 1 ? id : answerKey({ repeat, of: id });

  let plan = initialPlan(model, subject.trace);
  let lastCall: RefusedCall | undefined;

  function promptFor(shown: Subject): Prompt {
    return shown === whole ? wholePrompt : renderPrompt(stage, shown, given);
  }

  return {
    id,
    about: subject.trace,
    aboutId: subject.trace.trace_id,
    estimatedTokens: estimateTokens(stage.showsTrace ? whole.text.length : 0) + wrappingTokens,

    async find() {
      for (;;) {
        const text = (
          await ledger.find(new Map([[key, subject.trace.source_ids ?? [subject.trace.trace_id]]]))
        ).get(key);
        if (typeof text !== "string") return undefined;
        const read = readAnswer(stage.schema, text, { shown: wholePrompt.prompt });
        if ("answer" in read) return { result: read.answer };
        // Another version stored it. The ledger keeps one answer per key, so this question needs another key.
        key = answerKey({ unreadable: key });
      }
    },

    request(previous): ModelRequest<Answer> {
      // Another question may have learned meanwhile what the endpoint supports.
      if (plan.changes === 0) plan = initialPlan(model, subject.trace);
      const shown = fitted(whole, plan.room.maxTraceChars);
      const { system, prompt } = promptFor(shown);
      const outputLimit =
        previous?.kind === "cut" ? plan.room.maxOutputTokensAfterCut : plan.room.maxOutputTokens;
      lastCall = {
        promptChars: system.length + prompt.length,
        traceChars: stage.showsTrace ? shown.text.length : plan.room.maxTraceChars,
        outputLimit,
      };
      // The same prompt would get the same wrong answer, and some endpoints ignore the schema.
      const { answerFormat } = plan.traits;
      const inWords =
        answerFormat === "json_object" || answerFormat === "text" || previous?.kind === "wrong_shape";
      const options = callOptions({
        plan,
        system: inWords ? `${system}\n\n${schema.inWords}` : system,
        prompt,
        outputLimit,
        format: outputFormat(answerFormat, stage.name, schema),
        isStrict: schema.isStrict,
      });
      const { temperature, providerOptions, responseFormat, tools } = options;
      const maxInputTokens = maxTokensOf([options.prompt, responseFormat, tools]);
      const { traits: usedTraits, changes } = plan;
      return {
        record: {
          kind: "ASK",
          model: model.name,
          settings: { temperature, outputLimit, providerOptions, format: answerFormat },
          keys: [key],
          maxInputTokens,
          maxOutputTokens: outputLimit,
          reservedUsd: costUsd(model.price, maxInputTokens, outputLimit),
        },
        async send(signal): Promise<Reply<Answer>> {
          const result = await model.language.doGenerate({ ...options, abortSignal: signal });
          // The endpoint accepted the call, whatever the answer.
          if (changes > 0) traits.learn(usedTraits);
          const { inputTokens, outputTokens } = result.usage;
          const usage = {
            inputTokens: tokenCount(inputTokens.total),
            outputTokens: tokenCount(outputTokens.total),
          };
          const cut = result.finishReason.unified === "length";
          const read = readAnswer(stage.schema, answerText(result.content), { shown: prompt, cut });
          if (!("answer" in read)) {
            return { ...usage, failure: unusableAnswer(result.finishReason.unified, read.problem) };
          }
          return { ...usage, result: read.answer, answers: new Map([[key, JSON.stringify(read.answer)]]) };
        },
      };
    },

    adapt(failure: CallFailure): boolean {
      const better = lastCall && adapt(plan, failure, lastCall);
      if (better === undefined) return false;
      plan = better;
      if (better.isShortened) shortened.set(subject.trace, better.room.maxTraceChars);
      return true;
    },
  };
}

function initialPlan({ room, traits, shortened }: CallableLanguage, trace: Trace): AskPlan {
  const maxTraceChars = shortened.get(trace) ?? room.maxTraceChars;
  return { traits: traits.current, room: { ...room, maxTraceChars }, isShortened: false, changes: 0 };
}

/** The subject, rendered again if it is longer than what fits. */
function fitted(subject: Subject, maxTraceChars: number): Subject {
  return subject.maxChars <= maxTraceChars ? subject : renderSubject(subject.trace, maxTraceChars);
}

interface CallParts {
  readonly plan: AskPlan;
  readonly system: string;
  readonly prompt: string;
  readonly outputLimit: number;
  readonly format: ReturnType<typeof outputFormat>;
  readonly isStrict: boolean;
}

function callOptions({ plan, system, prompt, outputLimit, format, isStrict }: CallParts): CallOptions {
  const { temperature, limitName } = plan.traits;
  return {
    ...format,
    prompt: [
      { role: "system", content: system },
      { role: "user", content: [{ type: "text", text: prompt }] },
    ],
    ...(temperature && { temperature: 0 }),
    ...(limitName === "max_tokens" && { maxOutputTokens: outputLimit }),
    providerOptions: {
      openai: {
        strictJsonSchema: isStrict,
        ...(limitName === "max_completion_tokens" && { max_completion_tokens: outputLimit }),
      },
    },
  };
}

type CallOptions = Parameters<LanguageModel["doGenerate"]>[0];
