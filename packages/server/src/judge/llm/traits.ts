/** How the endpoint of a model wants to be asked, whatever the question. Begins with the best case (`adapt.ts`). */
export interface EndpointTraits {
  /** How it is told the form of the answer. In the last two cases the prompt tells it. */
  readonly answerFormat: "json_schema" | "tool_call" | "json_object" | "text";
  /** Whether it takes a temperature: reasoning models do not. */
  readonly temperature: boolean;
  /** Under which name it takes the output limit. */
  readonly limitName: "max_tokens" | "max_completion_tokens";
}

export const bestTraits: EndpointTraits = {
  answerFormat: "json_schema",
  temperature: true,
  limitName: "max_tokens",
};

/** How much fits into one question and its answer. Lowered for the question that does not fit, never for the model. */
export interface Room {
  readonly maxTraceChars: number;
  readonly maxOutputTokens: number;
  /** The output limit for a question whose answer was cut off. */
  readonly mostOutputTokens: number;
}

/** What has been learned of an endpoint. */
export interface Learned<T> {
  readonly current: T;
  learn(better: T): void;
}

/** Gateways are updated, and one odd refusal proves little: after this time the best case is tried again. */
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
