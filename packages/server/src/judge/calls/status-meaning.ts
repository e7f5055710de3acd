export interface StatusMeaning {
  readonly retriable: boolean;
  /** What a person can do about it. `credentials` are the provider's environment variables. */
  advice(credentials: string): string;
}

const checkCredentials = (credentials: string) => `Check ${credentials} where the server runs.`;
const comeBack = () => "The provider has trouble: retry the run later.";

const meanings: Readonly<Record<number, StatusMeaning>> = {
  401: { retriable: false, advice: checkCredentials },
  402: { retriable: false, advice: () => "Check the credit and billing of the provider's account." },
  403: { retriable: false, advice: checkCredentials },
  404: {
    retriable: false,
    advice: () => "Check that the provider has a model of this name and that the account may use it.",
  },
  408: { retriable: true, advice: comeBack },
  409: { retriable: true, advice: comeBack },
  413: { retriable: false, advice: () => "Lower EVAL_MAX_TRACE_CHARS." },
  425: { retriable: true, advice: comeBack },
  429: {
    retriable: true,
    advice: () => "Lower EVAL_CONCURRENCY or raise the limits of the provider's account, then retry the run.",
  },
};

/** What an HTTP status other than 2xx means for a call to a provider. */
export function statusMeaning(status: number): StatusMeaning {
  return (
    meanings[status] ??
    (status >= 500
      ? { retriable: true, advice: comeBack }
      : {
          retriable: false,
          advice: () => "The provider did not accept the question as it was put: try another model.",
        })
  );
}
