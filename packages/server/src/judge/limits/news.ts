import type { Report } from "./report.ts";

/** How a call went, as far as the model's health is concerned. */
export interface CallEnd {
  /**
   * `answered`: the model took the call, whatever it answered. `throttled`: it takes no more calls at the moment. `down`: it
   * could not be had. `untold`: nothing is known, as where the call was aborted.
   */
  readonly outcome: "answered" | "throttled" | "down" | "untold";
  /** What the model did, to continue a sentence about it. */
  readonly reason: string;
  /** How long it asked to be left alone. */
  readonly retryAfterMs: number | null;
  /** Whether the model was called at all. */
  readonly wasMade: boolean;
  /** What the call took; `null` where nobody counted. */
  readonly tokens: number | null;
}

/** What is to be told of calls that have ended. */
export type News = Pick<Report, "answered" | "failures" | "throttled" | "reason" | "peak"> & {
  readonly probeFailed: boolean;
};

export const noNews: News = {
  answered: 0,
  failures: 0,
  throttled: null,
  reason: "",
  peak: 0,
  probeFailed: false,
};

/** The news, and one call more. `isNew`: it was begun after the last refusal was told. */
export function withCall(news: News, { outcome, reason, retryAfterMs }: CallEnd, isNew: boolean): News {
  switch (outcome) {
    case "answered":
      return { ...news, answered: news.answered + 1, failures: 0 };
    case "down":
      return { ...news, failures: news.failures + 1, reason };
    case "throttled": {
      const before = news.throttled;
      const longest = Math.max(before?.retryAfterMs ?? 0, retryAfterMs ?? 0);
      return {
        ...news,
        reason,
        throttled: { isNew: isNew || before?.isNew === true, retryAfterMs: longest },
      };
    }
    case "untold":
      return news;
  }
}

/** News that could not be told, with what came after. */
export function joined(before: News, after: News): News {
  return {
    answered: before.answered + after.answered,
    failures: after.answered > 0 ? after.failures : before.failures + after.failures,
    throttled: after.throttled ?? before.throttled,
    reason: after.reason === "" ? before.reason : after.reason,
    peak: Math.max(before.peak, after.peak),
    probeFailed: before.probeFailed || after.probeFailed,
  };
}
