import { type FailedSignal, SIGNALS, type Signal, type TraceSignals } from "@pandaprobe/contract/rules";
import type { Seat } from "../panel.ts";
import type { StoredSignal, StoredSignals } from "./stored-signals.ts";

/** A signal as one judge, or all together, scored it. */
type Opinion =
  | { readonly value: number; readonly isApplicable: boolean }
  | { readonly failed: string; readonly error?: "budget_exceeded" | undefined };

/** The signals of a trace. @param seat the member and repeat whose values to return. Default: the combined scores. */
export function traceSignals(
  { trace_id, stored }: StoredSignals,
  seat?: Pick<Seat, "model" | "repeat">,
): TraceSignals {
  const signals: Partial<Record<Signal, number>> = {};
  const notApplicable: Signal[] = [];
  const failed: FailedSignal[] = [];
  for (const signal of SIGNALS) {
    const found = stored.find(({ name }) => name === signal);
    if (found === undefined) continue;
    const opinion = seat === undefined ? opinionOfAll(found) : opinionOf(found, seat);
    if ("failed" in opinion) {
      const { failed: reason, error } = opinion;
      failed.push({ signal, reason, ...(error !== undefined && { error }) });
      continue;
    }
    signals[signal] = opinion.value;
    if (!opinion.isApplicable) notApplicable.push(signal);
  }
  return { trace_id, signals, notApplicable, failed };
}

function opinionOfAll({ status, value, reason, error, applicable }: StoredSignal): Opinion {
  if (status === "SUCCESS" && value !== null) return { value, isApplicable: applicable !== "false" };
  const code = error === "budget_exceeded" ? error : undefined;
  return { failed: reason ?? "It failed.", error: code };
}

/** A signal that no judge was asked for, that a person corrected, or that failed is the same for all. */
function opinionOf(signal: StoredSignal, { model, repeat }: Pick<Seat, "model" | "repeat">): Opinion {
  const all = opinionOfAll(signal);
  const { judged } = signal;
  if ("failed" in all || judged === null) return all;
  const vote = judged.votes?.find((each) => each.model === model);
  if (judged.votes !== null && vote === undefined) {
    const missing = judged.missing_judges?.find((each) => each.model === model);
    return { failed: missing?.reason ?? `${model} did not judge it.` };
  }
  const repeats = vote === undefined ? judged.repeats : vote.repeats;
  if (repeats === null) {
    return vote === undefined ? all : { value: vote.value, isApplicable: vote.applicable };
  }
  const value = repeats.values[repeat - 1] ?? null;
  if (value !== null) return { value, isApplicable: true };
  // By convention, as for a score.
  if (repeats.not_applicable?.includes(repeat) === true) return { value: 1, isApplicable: false };
  const missing = repeats.missing?.find((each) => each.repeat === repeat);
  return { failed: missing?.reason ?? `Repeat ${repeat} did not judge it.` };
}
