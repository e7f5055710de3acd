import type { Failure } from "./failure.ts";

export interface StatusMeaning extends Pick<Failure, "retriable" | "concerns"> {
  /** What a person can do about it. `credentials` are the provider's environment variables. */
  advice(credentials: string): string;
}

const checkCredentials = (credentials: string) => `Check ${credentials} where the server runs.`;
const comeBack = () => "The provider has trouble: retry the run later.";

const meanings: Readonly<Record<number, StatusMeaning>> = {
  401: { retriable: false, concerns: "model", advice: checkCredentials },
  402: {
    retriable: false,
    concerns: "model",
    advice: () => "Check the credit and billing of the provider's account.",
  },
  403: { retriable: false, concerns: "perhaps_model", advice: checkCredentials },
  404: {
    retriable: false,
    concerns: "perhaps_model",
    advice: () => "Check that the provider has a model of this name and that the account may use it.",
  },
  408: { retriable: true, concerns: "outage", advice: comeBack },
  409: { retriable: true, concerns: "outage", advice: comeBack },
  413: { retriable: false, concerns: "question", advice: () => "Lower EVAL_MAX_TRACE_CHARS." },
  425: { retriable: true, concerns: "outage", advice: comeBack },
  429: {
    retriable: true,
    concerns: "pace",
    advice: () => "Set JUDGE_LIMITS, or raise the limits of the provider's account, then retry the run.",
  },
  // Anthropic's word for too many calls of everybody.
  529: { retriable: true, concerns: "pace", advice: comeBack },
};

/** What an HTTP status other than 2xx means for a call to a provider. */
export function statusMeaning(status: number): StatusMeaning {
  return (
    meanings[status] ??
    (status >= 500
      ? { retriable: true, concerns: "outage" as const, advice: comeBack }
      : {
          retriable: false,
          concerns: "question" as const,
          advice: () => "The provider did not accept the question as it was put: try another model.",
        })
  );
}
