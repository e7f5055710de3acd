import type { EvalRunResponse } from "@pandaprobe/sdk";

/** As much of a score as the matchers look at. */
export interface Score {
  readonly name: string;
  readonly value: string | null;
  readonly status: string;
  readonly data_type: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly reason?: string | null;
  readonly trace_id?: string;
  readonly session_id?: string;
}

export interface ReceivedScores {
  readonly scores: readonly Score[];
  /** The run that they are of, where that was handed over too. */
  readonly run: EvalRunResponse | undefined;
}

/** What `expect` was given, as scores; a sentence that says what is wrong with it, where it is none. */
export function receivedScores(received: unknown): ReceivedScores | string {
  if (isObject(received) && "then" in received) return "It got a promise: await the evaluation first.";
  const { scores, run } =
    isObject(received) && "scores" in received ? received : { scores: received, run: undefined };
  if (!Array.isArray(scores) || !scores.every(isScore)) {
    return "It takes what evaluateTraces or evaluateSessions gives, or an array of scores.";
  }
  return { scores, run: isObject(run) ? (run as unknown as EvalRunResponse) : undefined };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isScore(value: unknown): value is Score {
  return isObject(value) && typeof value["name"] === "string" && "value" in value && "status" in value;
}
