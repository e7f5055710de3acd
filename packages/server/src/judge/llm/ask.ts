import { generateText } from "ai";
import type { Judge } from "../../metrics/judge.ts";
import { renderPrompt } from "../../metrics/prompt.ts";
import type { Findings, Stage } from "../../metrics/stage.ts";
import { renderSubject, type Subject } from "../../metrics/subject.ts";
import type { Call } from "../calls/caller.ts";
import type { Failure } from "../calls/failure.ts";
import type { LanguageModel } from "../providers/provider.ts";
import { adapt } from "./adapt.ts";
import { answerOutput } from "./answer-output.ts";
import { onlyJson } from "./only-json.ts";
import { readRefusal } from "./refusal.ts";
import type { Learned, Traits } from "./traits.ts";

interface Question<Given extends Findings, Answer> {
  readonly stage: Stage<Given, Answer>;
  readonly subject: Subject;
  readonly given: Given;
}

/** Asks a language model the questions of a judge. What an endpoint refuses is learned and asked otherwise at once. */
export function createAsk(language: LanguageModel, traits: Learned<Traits>, call: Call): Judge["ask"] {
  const model = onlyJson(language);
  return (stage, subject, given, signal) =>
    call(
      async (callSignal, previous) => {
        for (;;) {
          // The question was refused and is put otherwise: a call of its own.
          signal.throwIfAborted();
          const used = traits.current;
          const shown = fitted(subject, used.maxTraceChars);
          try {
            return await askOnce(model, used, { stage, subject: shown, given }, previous, callSignal);
          } catch (error) {
            const refusal = readRefusal(error);
            const traceChars = stage.showsTrace ? shown.text.length : used.maxTraceChars;
            const better = refusal && adapt(used, refusal, traceChars);
            if (better === undefined) throw error;
            traits.learn(used, better);
          }
        }
      },
      { about: subject.trace, signal },
    );
}

/** A subject that was rendered before the model turned out to take less of it. */
function fitted(subject: Subject, maxTraceChars: number): Subject {
  return subject.maxChars <= maxTraceChars ? subject : renderSubject(subject.trace, maxTraceChars);
}

async function askOnce<Given extends Findings, Answer>(
  model: LanguageModel,
  { answerFormat, temperature, limitName, maxOutputTokens, mostOutputTokens }: Traits,
  { stage, subject, given }: Question<Given, Answer>,
  previous: Failure | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const { system, prompt } = renderPrompt(stage, subject, given);
  const { output, schemaInWords, strict } = await answerOutput(stage, answerFormat);
  // The same question in the same words would get the same wrong answer, and some endpoints ignore the schema.
  const inWords = answerFormat !== "json_schema" || previous?.kind === "shape";
  const limit = previous?.kind === "cut" ? mostOutputTokens : maxOutputTokens;
  const result = await generateText({
    model,
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
