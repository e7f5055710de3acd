import { JudgeError } from "../../metrics/judge.ts";
import { LedgerError } from "../ledger/ledger-error.ts";
import { onceAffordable } from "../ledger/once-affordable.ts";
import { diagnose } from "./diagnose.ts";
import type { Failure } from "./failure.ts";
import { type Attempt, type RetryPolicy, retry } from "./retry.ts";
import type { Slots } from "./slots.ts";
import type { Turns } from "./turns.ts";

/** What all calls of a process share. */
export interface CallDesk {
  readonly slots: Slots;
  readonly turns: Turns;
  readonly policy: RetryPolicy;
  /** Takes secrets out of what people will read. */
  redact(text: string): string;
}

/** The model that is called, for the messages about it. */
export interface Callee {
  /** "The judge openai/gpt-5.4-mini". */
  readonly title: string;
  /** Environment variables that it takes its credentials from. */
  readonly credentials: string;
}

export interface CallOptions {
  /** Whose call it is: those of all owners take turns. */
  readonly owner: string;
  /** What the call is about: of one owner's calls, those about what was begun first go first. */
  readonly about?: object | undefined;
  readonly signal: AbortSignal;
}

/** One try of a call that has its place. */
export interface PlacedAttempt extends Attempt {
  /** To be called once the answer has come, so that the place is not held while it is recorded. */
  answered(): void;
}

/** Makes one call: with a place in line, a timeout, and retries. */
export type Call = <T>(
  work: (signal: AbortSignal, attempt: PlacedAttempt) => Promise<T>,
  options: CallOptions,
) => Promise<T>;

/** @returns a function that throws JudgeError once it gives up, and whatever its signal was aborted with. */
export function createCall({ slots, turns, policy, redact }: CallDesk, { title, credentials }: Callee): Call {
  return (work, { owner, about, signal }) => {
    const turn = turns.of(about);
    return retry(
      (attempt) =>
        onceAffordable(
          () =>
            slots.run(
              (callSignal, leave) => {
                attempt.begun();
                return work(callSignal, { ...attempt, answered: leave });
              },
              { owner, turn, timeoutMs: attempt.timeoutMs, signal },
            ),
          signal,
        ),
      {
        policy,
        signal,
        passes: (error) => error instanceof JudgeError || error instanceof LedgerError,
        diagnose: (error) => diagnose(error, credentials),
        giveUp: (failure, tries, spentMs, cause) =>
          new JudgeError(
            redact(`${title} ${failure.what}${effort(failure, tries, spentMs)}. ${failure.advice}`),
            // The provider's own errors carry the whole question: only those that nobody foresaw are worth that.
            failure.kind === "unexpected" ? { cause } : undefined,
          ),
      },
    );
  };
}

function effort({ retriable, retryAfterMs }: Failure, tries: number, spentMs: number): string {
  if (!retriable) return "";
  const seconds = (ms: number) => `${Math.max(1, Math.round(ms / 1_000))} s`;
  const asked = retryAfterMs === null ? "" : `; it asks to wait ${seconds(retryAfterMs)}`;
  return ` (${tries} ${tries === 1 ? "try" : "tries"} in ${seconds(spentMs)}${asked})`;
}
