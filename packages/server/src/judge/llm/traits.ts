/** How the endpoint of a model wants to be asked. Begins with the best case; refusals teach the rest (`adapt.ts`). */
export interface Traits {
  /** How it is told the form of the answer. In the last two cases the prompt tells it. */
  readonly answerFormat: "json_schema" | "json_object" | "text";
  /** Whether it takes a temperature: reasoning models do not. */
  readonly temperature: boolean;
  /** Under which name it takes the output limit. */
  readonly limitName: "max_tokens" | "max_completion_tokens";
  readonly maxOutputTokens: number;
  /** The output limit for a question whose answer was cut off. */
  readonly mostOutputTokens: number;
  readonly maxTraceChars: number;
}

/** What has been found out about a model so far, for as long as the process lives. */
export interface Learned<T> {
  readonly current: T;
  /** Takes over what a call that was made with `used` has taught, unless another call has taught something meanwhile. */
  learn(used: T, better: T): void;
}

export function createLearned<T>(initial: T): Learned<T> {
  let current = initial;
  return {
    get current() {
      return current;
    },
    learn(used, better) {
      if (current === used) current = better;
    },
  };
}
