import type { ReviewedMetric } from "@pandaprobe/sdk/review";
import { useEffect } from "preact/hooks";
import { valueOfKey } from "./choices.ts";

interface ReviewActions {
  /** Which metric a digit, `y` or `n` scores. */
  readonly metric: () => ReviewedMetric | undefined;
  readonly onValue: (metric: ReviewedMetric, value: string) => void;
  readonly onReason: () => void;
  readonly onNext: () => void;
  readonly onSkip: () => void;
  readonly onUndo: () => void;
}

/** The keys of a review. Text fields, buttons and dialogs keep theirs. */
export function useReviewKeys(actions: ReviewActions): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTaken(event)) return;
      const { key } = event;
      const metric = actions.metric();
      const value = metric && valueOfKey(metric, key);
      if (metric !== undefined && value !== undefined) actions.onValue(metric, value);
      else if (key === "Enter") actions.onNext();
      else if (key === "r") actions.onReason();
      else if (key === "s" && metric !== undefined) actions.onSkip();
      else if (key === "u") actions.onUndo();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
}

function isTaken(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  return (
    event.metaKey ||
    event.ctrlKey ||
    event.altKey ||
    target.closest("dialog") !== null ||
    target.matches("input:not([type=radio]), textarea, select") ||
    (event.key === "Enter" && target.closest("a, button, summary") !== null)
  );
}
