import type { Report } from "./report.ts";

/** The result of a call, as far as it concerns the model. */
export interface CallSignal {
  /**
   * `answered`: the model processed the call, whatever the answer. `throttled`: 429. `unavailable`: it was down.
   * `nothing`: the call was not made or was aborted, or the failure is the question's.
   */
  readonly kind: "answered" | "throttled" | "unavailable" | "nothing";
  /** The question that failed, to count different ones. */
  readonly question: string;
  /** What the model did, completing a sentence about it. */
  readonly reason: string;
  readonly retryAfterMs: number | null;
  /** Whether the model was called at all. */
  readonly wasMade: boolean;
  /** The tokens that the call used; `null` if unknown. */
  readonly tokens: number | null;
}

/** What has happened since the last report. */
export type Changes = Pick<Report, "answered" | "failed" | "throttled" | "reason" | "peak"> & {
  readonly probeFailed: boolean;
};

export const noChanges: Changes = {
  answered: 0,
  failed: [],
  throttled: null,
  reason: "",
  peak: 0,
  probeFailed: false,
};

/** @param isNew whether the call started after the last reported 429. */
export function withSignal(changes: Changes, signal: CallSignal, isNew: boolean): Changes {
  const { kind, question, reason, retryAfterMs } = signal;
  switch (kind) {
    case "answered":
      return { ...changes, answered: changes.answered + 1, failed: [] };
    case "unavailable":
      return { ...changes, failed: distinct([...changes.failed, question]), reason };
    case "throttled": {
      const before = changes.throttled;
      const longest = Math.max(before?.retryAfterMs ?? 0, retryAfterMs ?? 0);
      return {
        ...changes,
        reason,
        throttled: { isNew: isNew || before?.isNew === true, retryAfterMs: longest },
      };
    }
    case "nothing":
      return changes;
  }
}

/** Changes whose report failed, combined with later ones. */
export function mergedChanges(before: Changes, after: Changes): Changes {
  return {
    answered: before.answered + after.answered,
    failed: after.answered > 0 ? after.failed : distinct([...before.failed, ...after.failed]),
    throttled: after.throttled ?? before.throttled,
    reason: after.reason === "" ? before.reason : after.reason,
    peak: Math.max(before.peak, after.peak),
    probeFailed: before.probeFailed || after.probeFailed,
  };
}

/** More than enough to open the breaker. */
const mostReported = 16;

function distinct(questions: readonly string[]): readonly string[] {
  return [...new Set(questions)].slice(-mostReported);
}
