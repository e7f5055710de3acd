import { generateText } from "ai";
import type { z } from "zod";
import type { Judge } from "../../metrics/judge.ts";
import { renderPrompt } from "../../metrics/prompt.ts";
import type { Findings, Stage } from "../../metrics/stage.ts";
import { renderSubject, type Subject } from "../../metrics/subject.ts";
import type { Call, PlacedAttempt } from "../calls/caller.ts";
import { answerKey } from "../ledger/answer-key.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Recording } from "../ledger/record-call.ts";
import { recordedLanguage } from "../ledger/recorded-language.ts";
import type { LanguageModel } from "../providers/provider.ts";
import { adapt } from "./adapt.ts";
import { answerOutput } from "./answer-output.ts";
import { onlyJson, outermostObject } from "./only-json.ts";
import { readRefusal } from "./refusal.ts";
import type { Learned, Traits } from "./traits.ts";

interface Question<Given extends Findings, Answer> {
  readonly stage: Stage<Given, Answer>;
  readonly subject: Subject;
  readonly given: Given;
}

/** A model, and who it is. */
export interface Asked extends Omit<Recording, "ledger" | "answered"> {
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
  return (ledger) => (stage, subject, given, signal) =>
    call(
      async (callSignal, attempt) => {
        for (;;) {
          // The question was refused and is put otherwise: a call of its own.
          signal.throwIfAborted();
          const used = traits.current;
          const shown = fitted(subject, used.maxTraceChars);
          try {
            return await askOnce(asked, ledger, used, { stage, subject: shown, given }, attempt, callSignal);
          } catch (error) {
            const refusal = readRefusal(error);
            const traceChars = stage.showsTrace ? shown.text.length : used.maxTraceChars;
            const better = refusal && adapt(used, refusal, traceChars);
            if (better === undefined) throw error;
            traits.learn(used, better);
          }
        }
      },
      { owner: ledger.owner, about: subject.trace, signal },
    );
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
  { number, previous, answered }: PlacedAttempt,
  signal: AbortSignal,
): Promise<Answer> {
  const { system, prompt } = renderPrompt(stage, subject, given);
  const { output, schemaInWords, strict } = await answerOutput(stage, answerFormat);
  // The same question in the same words would get the same wrong answer, and some endpoints ignore the schema.
  const inWords = answerFormat !== "json_schema" || previous?.kind === "shape";
  const limit = previous?.kind === "cut" ? mostOutputTokens : maxOutputTokens;
  const recorded = recordedLanguage(asked.language, {
    ...asked,
    ledger,
    answered,
    // Not how the endpoint wants to be asked: another process may not have learned that yet.
    key: answerKey({ model: asked.model, system, prompt, form: schemaInWords }),
    attempt: number,
    outputLimit: limit,
    accepts: (text) => isAnswer(stage.schema, text),
  });
  const result = await generateText({
    model: onlyJson(recorded),
    instructions: inWords ? `${system}\n\n${schemaInWords}` : system,
    prompt,
    output,
    maxRetries: 0,
    abortSignal: signal,
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

function isAnswer(schema: z.ZodType, text: string): boolean {
  try {
    return schema.safeParse(JSON.parse(outermostObject(text))).success;
  } catch {
    return false;
  }
}
