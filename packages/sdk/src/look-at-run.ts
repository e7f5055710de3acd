import type { Answer } from "./answer.ts";
import { mayPass } from "./errors/may-pass.ts";
import type { EvalRunResponse } from "./generated/types.ts";

/** What came of one look at a run. */
export interface Look {
  /** `null` where it could not be read. */
  readonly run: EvalRunResponse | null;
  /** Whether the server held its answer for news. */
  readonly waited: boolean;
  /** Why it could not be read. */
  readonly failure: unknown;
}

/** @throws what will not pass by itself: anything but a lost connection, a timeout, 408, 429 or 5xx. */
export async function lookAtRun(read: () => Promise<Answer<EvalRunResponse>>): Promise<Look> {
  try {
    const { data, headers } = await read();
    return { run: data, waited: headers.has("preference-applied"), failure: undefined };
  } catch (failure) {
    if (!mayPass(failure)) throw failure;
    return { run: null, waited: false, failure };
  }
}
