import type { EvalRunResponse, RunWait } from "./generated/types.ts";

/** What a run says that it waits for; `null` also where the server is too old to say. */
export function waitingFor(run: EvalRunResponse): RunWait | null {
  return run.waiting_for ?? null;
}
