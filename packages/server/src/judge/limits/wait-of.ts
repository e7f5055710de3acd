import type { ModelState } from "./model-state.ts";
import { blocks } from "./trouble.ts";

/** What whoever asks a model has to wait for. */
export interface ModelWait {
  /** Continues a sentence about the model. */
  readonly reason: string;
  /** When it is called again; `null` while a call finds out whether it is back. */
  readonly until: Date | null;
}

/** `null` where calls to the model may begin. `now`: by the clock of the state's times. */
export function waitOf({ trouble }: ModelState, now: number): ModelWait | null {
  if (trouble === null || !blocks(trouble, now)) return null;
  const { reason, closedUntil } = trouble;
  return { reason, until: closedUntil > now ? new Date(closedUntil) : null };
}
