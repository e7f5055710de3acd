import { generateText } from "ai";
import type { Judge } from "../../metrics/judge.ts";
import { type Prompt, renderPrompt } from "../../metrics/prompt.ts";
import type { Findings, Stage } from "../../metrics/stage.ts";
import { renderSubject, type Subject } from "../../metrics/subject.ts";
import type { Call } from "../calls/caller.ts";
import { LineUpAgain } from "../calls/line-up-again.ts";
import type { Place } from "../calls/place.ts";
import type { Attempt } from "../calls/retry.ts";
import { answerKey } from "../ledger/answer-key.ts";
import type { AnswerKey, Ledger } from "../ledger/ledger.ts";
import type { Recording } from "../ledger/record-call.ts";
import { recordedLanguage } from "../ledger/recorded-language.ts";
import type { LanguageModel } from "../providers/provider.ts";
import { adapt } from "./adapt.ts";
import { answerOutput } from "./answer-output.ts";
import { readAnswer } from "./read-answer.ts";
import { readableLanguage } from "./readable-language.ts";
import { readRefusal } from "./refusal.ts";
import { tokensOf } from "./tokens-of.ts";
import type { Learned, Traits } from "./traits.ts";

interface Question<Given extends Findings, Answer> {
  readonly stage: Stage<Given, Answer>;
  readonly subject: Subject;
  readonly given: Given;
}

/** A model, and who it is. */
export interface Asked extends Omit<Recording, "ledger" | "place"> {
  readonly language: LanguageModel;
  /** `provider/model`. */
  readonly model: string;
}

/** Asks a language model the questions of a judge. What an endpoint refuses is learned and asked otherwise at once. */
export function createAsk(
  asked: Asked,
  traits: Learned<Traits>,
  call: Call,
): (ledger: Ledger) => Judge["ask"] {
  return (ledger) => async (stage, subject, given, signal) => {
    const shown = fitted(subject, traits.current.maxTraceChars);
    // What is known takes no place.
    const known = await knownAnswer(asked, ledger, { stage, subject: shown, given }, signal);
    if (known !== undefined) return known.answer;
    const linedUpAt = performance.now();
    return call(
      async (place, attempt) => {
        if (attempt.number === 1 && performance.now() - linedUpAt > LONG_WAIT_MS) {
          const meanwhile = await knownAnswer(asked, ledger, { stage, subject: shown, given }, signal);
          if (meanwhile !== undefined) return meanwhile.answer;
        }
        // The question was refused and is put otherwise: a call of its own.
        signal.throwIfAborted();
        const used = traits.current;
        const question = { stage, subject: fitted(subject, used.maxTraceChars), given };
        try {
          return await askOnce(asked, ledger, used, question, attempt, place);
        } catch (error) {
          const refusal = readRefusal(error);
          const traceChars = stage.showsTrace ? question.subject.text.length : used.maxTraceChars;
          const better = refusal && adapt(used, refusal, traceChars);
          if (better === undefined) throw error;
          traits.learn(used, better);
          throw new LineUpAgain("The question is put otherwise.");
        }
      },
      {
        project: ledger.project,
        run: ledger.run,
        about: subject.trace,
        tokens: tokensOf(stage.showsTrace ? shown.text.length : 0) + WORDS_AROUND,
        signal,
      },
    );
  };
}

/** Who waited in line for so long looks again whether somebody else's same question has been answered. */
const LONG_WAIT_MS = 50;

/** About what our instructions and the answer take. */
const WORDS_AROUND = 1_200;

/** The answer that the ledger has, if it has one. */
async function knownAnswer<Given extends Findings, Answer>(
  { model }: Asked,
  ledger: Ledger,
  { stage, subject, given }: Question<Given, Answer>,
  signal: AbortSignal,
): Promise<{ readonly answer: Answer } | undefined> {
  signal.throwIfAborted();
  const { schemaInWords } = await answerOutput(stage, "json_schema");
  const rendered = renderPrompt(stage, subject, given);
  const key = keyOf(model, rendered, schemaInWords);
  const text = (await ledger.find([key])).get(key);
  if (typeof text !== "string") return undefined;
  const read = readAnswer(stage.schema, text, { shown: rendered.prompt });
  return "answer" in read ? read : undefined;
}

/** Not how the endpoint wants to be asked: another process may not have learned that yet. */
function keyOf(model: string, { system, prompt }: Prompt, schemaInWords: string): AnswerKey {
  return answerKey({ model, system, prompt, form: schemaInWords });
}

/** A subject that was rendered before the model turned out to take less of it. */
function fitted(subject: Subject, maxTraceChars: number): Subject {
  return subject.maxChars <= maxTraceChars ? subject : renderSubject(subject.trace, maxTraceChars);
}

async function askOnce<Given extends Findings, Answer>(
  asked: Asked,
  ledger: Ledger,
  { answerFormat, temperature, limitName, maxOutputTokens, mostOutputTokens }: Traits,
  { stage, subject, given }: Question<Given, Answer>,
  { number, previous }: Attempt,
  place: Place,
): Promise<Answer> {
  const rendered = renderPrompt(stage, subject, given);
  const { system, prompt } = rendered;
  const { output, schemaInWords, strict } = await answerOutput(stage, answerFormat);
  // The same question in the same words would get the same wrong answer, and some endpoints ignore the schema.
  const inWords = answerFormat !== "json_schema" || previous?.kind === "shape";
  const limit = previous?.kind === "cut" ? mostOutputTokens : maxOutputTokens;
  const recorded = recordedLanguage(readableLanguage(asked.language, stage.schema, prompt), {
    ...asked,
    ledger,
    place,
    key: keyOf(asked.model, rendered, schemaInWords),
    attempt: number,
    outputLimit: limit,
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
    ...(limitName === "max_tokens" && { maxOutputTokens: limit }),
    providerOptions: {
      openai: {
        strictJsonSchema: strict,
        ...(limitName === "max_completion_tokens" && { max_completion_tokens: limit }),
      },
    },
  });
  return result.output;
}
