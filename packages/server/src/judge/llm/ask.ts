import { generateText } from "ai";
import type { Judge } from "../../metrics/judge.ts";
import { type Prompt, renderPrompt } from "../../metrics/prompt.ts";
import type { Stage } from "../../metrics/stage.ts";
import { renderSubject, type Subject } from "../../metrics/subject.ts";
import type { Trace } from "../../metrics/trace.ts";
import { classifyError } from "../call/classify-error.ts";
import type { Call } from "../calls/caller.ts";
import { LineUpAgain } from "../calls/line-up-again.ts";
import type { Place } from "../calls/place.ts";
import type { Attempt } from "../calls/retry.ts";
import { answerKey } from "../ledger/answer-key.ts";
import type { AnswerKey, Ledger } from "../ledger/ledger.ts";
import type { Recording } from "../ledger/record-call.ts";
import { recordedLanguage } from "../ledger/recorded-language.ts";
import type { LanguageModel } from "../providers/provider.ts";
import { type AskPlan, adapt } from "./adapt.ts";
import { answerOutput } from "./answer-output.ts";
import { readAnswer } from "./read-answer.ts";
import { readableLanguage } from "./readable-language.ts";
import { tokensOf } from "./tokens-of.ts";
import { answeringByToolCall } from "./tool-call.ts";
import type { EndpointTraits, Learned, Room } from "./traits.ts";

/** A model, and who it is. */
export interface Asked extends Omit<Recording, "ledger" | "place"> {
  readonly language: LanguageModel;
  /** `provider/model`. */
  readonly model: string;
}

/** What is known of a model that is asked. */
export interface Knowledge {
  readonly traits: Learned<EndpointTraits>;
  /** How much fits into a question, unless the question shows otherwise. */
  readonly room: Room;
  /** How many characters the model took of the traces that did not fit. */
  readonly shortened: WeakMap<Trace, number>;
}

/**
 * Asks a language model the questions of a judge. What an endpoint refuses is asked in another way at once: settings that it
 * does not take are left out from then on, and what does not fit is shortened for that question and its trace alone.
 */
export function createAsk(
  asked: Asked,
  { traits, room, shortened }: Knowledge,
  call: Call,
): (ledger: Ledger) => Judge["ask"] {
  return (ledger) => async (stage, subject, given, signal) => {
    signal.throwIfAborted();
    // The key comes from the question as it is without anything learned: other processes have not learned the same.
    const whole = fitted(subject, room.maxTraceChars);
    const { schemaInWords } = await answerOutput(stage, "json_schema");
    const asWhole = renderPrompt(stage, whole, given);
    const key = keyOf(asked.model, asWhole, schemaInWords);
    const findAnswer = async () => {
      signal.throwIfAborted();
      const text = (await ledger.find([key])).get(key);
      if (typeof text !== "string") return undefined;
      const read = readAnswer(stage.schema, text, { shown: asWhole.prompt });
      return "answer" in read ? read : undefined;
    };
    // What is known takes no place.
    const known = await findAnswer();
    if (known !== undefined) return known.answer;

    const firstPlan = (): AskPlan => {
      const maxTraceChars = shortened.get(subject.trace) ?? room.maxTraceChars;
      return { traits: traits.current, room: { ...room, maxTraceChars }, isShortened: false, changes: 0 };
    };
    let plan = firstPlan();
    const linedUpAt = performance.now();
    return call(
      async (place, attempt) => {
        if (attempt.number === 1 && performance.now() - linedUpAt > LONG_WAIT_MS) {
          const meanwhile = await findAnswer();
          if (meanwhile !== undefined) return meanwhile.answer;
        }
        signal.throwIfAborted();
        // While it waited, other questions may have found out how the endpoint wants to be asked.
        if (plan.changes === 0) plan = firstPlan();
        const used = plan;
        const shown = fitted(whole, used.room.maxTraceChars);
        const prompt = renderPrompt(stage, shown, given);
        const { maxOutputTokens, mostOutputTokens } = used.room;
        const outputLimit = attempt.previous?.kind === "cut" ? mostOutputTokens : maxOutputTokens;
        const learn = () => {
          if (used.changes > 0) traits.learn(used.traits);
        };
        try {
          const question = { stage, prompt, key, traits: used.traits, outputLimit };
          const answer = await askOnce(asked, ledger, question, attempt, place);
          learn();
          return answer;
        } catch (error) {
          const failure = classifyError(error, "");
          // The endpoint took the question, whatever the model made of it.
          if (failure.kind === "wrong_shape" || failure.kind === "cut") learn();
          const better = adapt(used, failure, {
            promptChars: prompt.system.length + prompt.prompt.length,
            traceChars: stage.showsTrace ? shown.text.length : used.room.maxTraceChars,
            outputLimit,
          });
          if (better === undefined) throw error;
          plan = better;
          if (better.isShortened) shortened.set(subject.trace, better.room.maxTraceChars);
          throw new LineUpAgain("The question is put in another way.");
        }
      },
      {
        project: ledger.project,
        run: ledger.run,
        about: subject.trace,
        tokens: tokensOf(stage.showsTrace ? whole.text.length : 0) + WORDS_AROUND,
        signal,
      },
    );
  };
}

/** Who waited in line for so long looks again whether somebody else's same question has been answered. */
const LONG_WAIT_MS = 50;

/** About what our instructions and the answer take. */
const WORDS_AROUND = 1_200;

/** Not how the endpoint wants to be asked: another process may not have learned that yet. */
function keyOf(model: string, { system, prompt }: Prompt, schemaInWords: string): AnswerKey {
  return answerKey({ model, system, prompt, form: schemaInWords });
}

/** A subject that was rendered before the model turned out to take less of it. */
function fitted(subject: Subject, maxTraceChars: number): Subject {
  return subject.maxChars <= maxTraceChars ? subject : renderSubject(subject.trace, maxTraceChars);
}

/** A question as it is sent. */
interface Question<Answer> {
  readonly stage: Pick<Stage<never, Answer>, "name" | "schema">;
  readonly prompt: Prompt;
  readonly key: AnswerKey;
  readonly traits: EndpointTraits;
  readonly outputLimit: number;
}

async function askOnce<Answer>(
  asked: Asked,
  ledger: Ledger,
  { stage, prompt: { system, prompt }, key, traits, outputLimit }: Question<Answer>,
  { number, previous }: Attempt,
  place: Place,
): Promise<Answer> {
  const { answerFormat, temperature, limitName } = traits;
  const { output, schemaInWords, strict } = await answerOutput(stage, answerFormat);
  // The same question in the same words would get the same wrong answer, and some endpoints ignore the schema.
  const inWords =
    answerFormat === "json_object" || answerFormat === "text" || previous?.kind === "wrong_shape";
  const language = answerFormat === "tool_call" ? answeringByToolCall(asked.language) : asked.language;
  const recorded = recordedLanguage(readableLanguage(language, stage.schema, prompt), {
    ...asked,
    ledger,
    place,
    key,
    attempt: number,
    outputLimit,
    accepts: (text) => "answer" in readAnswer(stage.schema, text, { shown: prompt }),
  });
  const result = await generateText({
    model: recorded,
    instructions: inWords ? `${system}\n\n${schemaInWords}` : system,
    prompt,
    output,
    maxRetries: 0,
    abortSignal: place.signal,
    ...(temperature && { temperature: 0 }),
    ...(limitName === "max_tokens" && { maxOutputTokens: outputLimit }),
    providerOptions: {
      openai: {
        strictJsonSchema: strict,
        ...(limitName === "max_completion_tokens" && { max_completion_tokens: outputLimit }),
      },
    },
  });
  return result.output;
}
