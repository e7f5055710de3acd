import type { EvalRunResponse } from "./generated/types.ts";

/** What a run waits for that cannot go on. */
export interface RunWaitingFor {
  /** The model whose provider is down, or asks to be left alone. */
  readonly model: string;
  readonly reason: string;
  /** When it is tried again; `null` where that is not known. */
  readonly until: string | null;
}

/** What a run says that it waits for; `null` also where the server is too old to say. */
export function waitingFor(run: EvalRunResponse): RunWaitingFor | null {
  return (run as { readonly waiting_for?: RunWaitingFor | null }).waiting_for ?? null;
}
