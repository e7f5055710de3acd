import type { EvalRunResponse } from "@pandaprobe/sdk";

/** The fields of a score that the matchers use. */
export interface Score {
  readonly name: string;
  readonly value: string | null;
  readonly status: string;
  readonly data_type: string;
  readonly source?: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly reason?: string | null;
  readonly trace_id?: string;
  readonly session_id?: string;
}

export interface ReceivedScores {
  readonly scores: readonly Score[];
  /** The run of the scores, if it was passed too. */
  readonly run: EvalRunResponse | undefined;
}

/** The scores that `expect` was given, or a sentence that says why it got none. */
export function receivedScores(received: unknown): ReceivedScores | string {
  if (isObject(received) && "then" in received) return "It received a promise: await the evaluation first.";
  const { scores, run } =
    isObject(received) && "scores" in received ? received : { scores: received, run: undefined };
  if (!Array.isArray(scores) || !scores.every(isScore)) {
    return "It expects the result of evaluateTraces or evaluateSessions, or an array of scores.";
  }
  return { scores, run: isObject(run) ? (run as unknown as EvalRunResponse) : undefined };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isScore(value: unknown): value is Score {
  return isObject(value) && typeof value["name"] === "string" && "value" in value && "status" in value;
}
