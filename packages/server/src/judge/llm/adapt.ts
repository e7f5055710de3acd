import type { Refusal } from "./refusal.ts";
import type { Traits } from "./traits.ts";

/** A question about less of a trace than this is not worth asking. */
const FEWEST_TRACE_CHARS = 1_000;
/** No answer to our questions fits into less. */
const FEWEST_OUTPUT_TOKENS = 1_024;

/**
 * How to ask instead, after an endpoint refused a question with `traceChars` characters of a trace in it; undefined if
 * the refusal was about something that we cannot change. Each step can be taken only so often, so adapting ends.
 */
export function adapt(traits: Traits, { message, tooLong }: Refusal, traceChars: number): Traits | undefined {
  if (traits.limitName === "max_tokens" && /max_completion_tokens/i.test(message)) {
    return { ...traits, limitName: "max_completion_tokens" };
  }
  if (tooLong) return shorter(traits, traceChars);
  if (traits.temperature && /temperature/i.test(message)) return { ...traits, temperature: false };
  if (/response_?format|json_?schema|json_?object|structured|grammar|schema/i.test(message))
    return simpler(traits);
  return undefined;
}

function shorter(traits: Traits, traceChars: number): Traits | undefined {
  const maxTraceChars = Math.floor(Math.min(traits.maxTraceChars, traceChars) / 2);
  if (maxTraceChars < FEWEST_TRACE_CHARS) return undefined;
  // The room for the answer comes out of the same context.
  return {
    ...traits,
    maxTraceChars,
    maxOutputTokens: lower(traits.maxOutputTokens),
    mostOutputTokens: lower(traits.mostOutputTokens),
  };
}

function lower(tokens: number): number {
  return Math.max(Math.min(tokens, FEWEST_OUTPUT_TOKENS), Math.floor(tokens / 2));
}

function simpler(traits: Traits): Traits | undefined {
  if (traits.answerFormat === "json_schema") return { ...traits, answerFormat: "json_object" };
  if (traits.answerFormat === "json_object") return { ...traits, answerFormat: "text" };
  return undefined;
}
