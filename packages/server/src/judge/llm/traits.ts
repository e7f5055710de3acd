/** What the endpoint of a model supports. Starts with the best case; `adapt.ts` steps down. */
export interface EndpointTraits {
  /** How the form of the answer is requested. In the last two cases the prompt describes it. */
  readonly answerFormat: "json_schema" | "tool_call" | "json_object" | "text";
  /** Whether it supports a temperature; reasoning models do not. */
  readonly temperature: boolean;
  /** The name of the setting for the output limit. */
  readonly limitName: "max_tokens" | "max_completion_tokens";
}

export const bestTraits: EndpointTraits = {
  answerFormat: "json_schema",
  temperature: true,
  limitName: "max_tokens",
};

/** How much fits into one question and its answer. Lowered for a question that does not fit, never for the model. */
export interface Room {
  readonly maxTraceChars: number;
  readonly maxOutputTokens: number;
  /** The output limit for a question whose answer was cut off. */
  readonly maxOutputTokensAfterCut: number;
}

/** A learned value that expires after a while. */
export interface Learned<T> {
  readonly current: T;
  learn(better: T): void;
}

/**
 * After this time the best case is tried again, because gateways are updated and a refusal may have been an
 * exception.
 */
const FORGET_AFTER_MS = 10 * 60_000;

/** @param now milliseconds of any clock. */
export function createLearned<T>(initial: T, now = () => performance.now()): Learned<T> {
  let learned: { readonly value: T; readonly at: number } | undefined;
  return {
    get current() {
      if (learned !== undefined && now() - learned.at >= FORGET_AFTER_MS) learned = undefined;
      return learned?.value ?? initial;
    },
    learn(value) {
      learned = { value, at: now() };
    },
  };
}
