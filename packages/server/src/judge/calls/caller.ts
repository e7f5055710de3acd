import { JudgeError } from "../../metrics/judge.ts";
import { type CallFailure, classifyError } from "../call/classify-error.ts";
import { LedgerError } from "../ledger/ledger-error.ts";
import type { ModelName } from "../model-name.ts";
import { type Lane, type Told, untold } from "./lane.ts";
import { LineUpAgain } from "./line-up-again.ts";
import type { Place } from "./place.ts";
import { type Attempt, type RetryPolicy, retry } from "./retry.ts";
import type { Turns } from "./turns.ts";
import { UnusableModelError } from "./unusable-model-error.ts";

/** What all calls of a process share. */
export interface CallDesk {
  /** The places for calls to a model. `title` says who it is, as "The judge openai/gpt-5.4-mini". */
  laneOf(name: ModelName, title: string): Lane;
  readonly turns: Turns;
  readonly policy: RetryPolicy;
  /** Takes secrets out of what people will read. */
  redact(text: string): string;
}

/** The model that is called, and the messages about it. */
export interface Callee {
  /** "The judge openai/gpt-5.4-mini". */
  readonly title: string;
  /** Environment variables that it takes its credentials from. */
  readonly credentials: string;
  readonly lane: Lane;
}

export interface CallOptions {
  /** Whose question it is: projects go in turn. */
  readonly project: string;
  readonly run: string;
  /** What the call is about: calls about what was begun first go first. */
  readonly about?: object | undefined;
  /** About how many tokens it will take. */
  readonly tokens: number;
  readonly signal: AbortSignal;
}

/** Makes one call: with a place in line, a timeout, and retries. Work may throw LineUpAgain. */
export type Call = <T>(
  work: (place: Place, attempt: Attempt) => Promise<T>,
  options: CallOptions,
) => Promise<T>;

/** The last in line, whatever is begun meanwhile. */
const lastTurn = Number.MAX_SAFE_INTEGER;

/** @returns a function that throws JudgeError once it gives up, and whatever its signal was aborted with. */
export function createCall(
  { turns, policy, redact }: Omit<CallDesk, "laneOf">,
  { title, credentials, lane }: Callee,
): Call {
  /** The last call whose end says anything was answered: so it is not all of them that are refused. */
  let hasJustAnswered = false;

  return (work, { project, run, about, tokens, signal }) => {
    const turn = turns.of(about);
    const since = performance.now();
    const judged = (error: unknown) => classifyError(error, credentials);
    let isProbe = false;
    let refusal: UnusableModelError | undefined;

    const told = (error: unknown): Told => {
      if (signal.aborted || passes(error) || error instanceof LineUpAgain) return untold;
      const failure = judged(error);
      const { scope, what, retryAfterMs } = failure;
      if (scope === "model" || (scope === "maybe_model" && !hasJustAnswered)) {
        refusal = new UnusableModelError(redact(`${title} ${what}. ${failure.advice}`));
        lane.refuse(run, refusal);
      }
      if (scope === "question") hasJustAnswered = true;
      if (scope === "maybe_model") hasJustAnswered = false;
      const outcome = scope === "rate" ? "throttled" : scope === "outage" ? "down" : "answered";
      return { outcome, reason: redact(what), retryAfterMs };
    };

    const giveUp = (failure: CallFailure, tries: number, spentMs: number, cause: unknown) =>
      refusal ??
      new JudgeError(
        redact(`${title} ${failure.what}${effort(failure, tries, spentMs)}. ${failure.advice}`),
        // The provider's own errors carry the whole question: only those that nobody foresaw are worth that.
        failure.kind === "unexpected" ? { cause } : undefined,
      );

    return retry(
      async (attempt) => {
        const asker = {
          project,
          run,
          turn: attempt.goesLast ? lastTurn : turn,
          since,
          tokens,
          timeoutMs: attempt.timeoutMs,
          signal,
        };
        const begin = (place: Place, ticket: { readonly isProbe: boolean }) => {
          isProbe = ticket.isProbe;
          attempt.begun();
          return work(place, attempt);
        };
        const result = await lane.run(begin, asker, told);
        hasJustAnswered = true;
        return result;
      },
      {
        policy,
        signal,
        passes,
        diagnose: (error) => {
          const failure = judged(error);
          return { ...failure, isSpared: isProbe && failure.scope === "outage" };
        },
        giveUp,
      },
    );
  };
}

function passes(error: unknown): boolean {
  return error instanceof JudgeError || error instanceof LedgerError;
}

function effort({ isRetryable, retryAfterMs }: CallFailure, tries: number, spentMs: number): string {
  if (!isRetryable) return "";
  const seconds = (ms: number) => `${Math.max(1, Math.round(ms / 1_000))} s`;
  const asked = retryAfterMs === null ? "" : `; it asks to wait ${seconds(retryAfterMs)}`;
  return ` (${tries} ${tries === 1 ? "try" : "tries"} in ${seconds(spentMs)}${asked})`;
}
