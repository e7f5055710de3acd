import type {
  ClaimedReviewItem,
  ReviewedMetric,
  ReviewQueueResponse,
  ReviewVerdict,
} from "@pandaprobe/sdk/review";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ActionError } from "../../ui/action.tsx";
import { metricLabel } from "../../ui/format.ts";
import { choicesOf } from "./choices.ts";
import { JudgeVerdict } from "./judge-verdict.tsx";
import { type Given, type ReviewFlow, useClaimEnd } from "./review-flow.ts";
import { useReviewKeys } from "./review-keys.ts";

/** Takes the reviewer's score for each metric, and then shows the judge's verdict. */
export function ScoringForm({
  queue,
  item,
  flow,
}: {
  queue: ReviewQueueResponse;
  item: ClaimedReviewItem;
  flow: ReviewFlow;
}) {
  const { draft, completed, error, isBusy } = flow.state;
  const { isLost, canUndo } = flow;
  const form = useRef<HTMLFormElement>(null);
  const current = useSignal(0);
  const { metrics } = queue;
  const hasEnded = useClaimEnd(item, draft, queue.claim_seconds, flow.keep);
  const isScored = metrics.some(({ name }) => (draft[name]?.value ?? "") !== "");
  const verdicts = completed?.verdicts ?? item.verdicts;
  const isDone = () => flow.isLost || flow.state.completed !== null;
  const goOn = () => (isDone() ? flow.next() : flow.complete());
  useReviewKeys({
    metric: () => (flow.state.completed === null ? metrics[current.value] : undefined),
    onValue(metric, value) {
      flow.give(metric.name, { value });
      // Away from a clicked button, which would receive Enter.
      form.current?.focus({ preventScroll: true });
    },
    onReason: () => form.current?.querySelectorAll<HTMLElement>("textarea")[current.value]?.focus(),
    onNext() {
      const given = flow.state.draft;
      const following = metrics.findIndex(({ name }, index) => index > current.value && !given[name]?.value);
      if (following === -1 || isDone()) goOn();
      else current.value = following;
    },
    onSkip: flow.skip,
    onUndo: flow.undo,
  });
  useEffect(() => {
    // So that the next key is a score, whichever key was pressed for the previous item.
    form.current?.focus({ preventScroll: true });
  }, [completed]);
  return (
    <form
      ref={form}
      class="scoring"
      aria-label="Your scores"
      tabIndex={-1}
      onSubmit={(event) => {
        event.preventDefault();
        goOn();
      }}
    >
      {metrics.map((metric, index) => (
        <MetricFields
          key={metric.name}
          metric={metric}
          given={draft[metric.name]}
          verdict={verdicts?.find(({ name }) => name === metric.name)}
          isCurrent={completed === null && index === current.value}
          isDone={completed !== null}
          onCurrent={() => {
            current.value = index;
          }}
          onGive={(changes) => flow.give(metric.name, changes)}
        />
      ))}
      {hasEnded && !isLost && completed === null && (
        <p class="claim-end" role="status">
          Your claim has ended. You can complete this item unless another reviewer takes it.{" "}
          <button type="button" onClick={flow.keep}>
            Claim it again
          </button>
        </p>
      )}
      <ActionError error={error} />
      <div class="scoring-actions">
        <button type="submit" class="primary" disabled={isBusy || (!isScored && !isLost)}>
          {isLost || completed !== null ? "Next" : "Complete"} <kbd>Enter</kbd>
        </button>
        {completed === null && (
          <button type="button" disabled={isBusy} onClick={flow.skip}>
            Skip <kbd>s</kbd>
          </button>
        )}
        <button type="button" disabled={isBusy || !canUndo} onClick={flow.undo}>
          Undo <kbd>u</kbd>
        </button>
      </div>
    </form>
  );
}

function MetricFields({
  metric,
  given,
  verdict,
  isCurrent,
  isDone,
  onCurrent,
  onGive,
}: {
  metric: ReviewedMetric;
  given: Given | undefined;
  verdict: ReviewVerdict | undefined;
  isCurrent: boolean;
  isDone: boolean;
  onCurrent: () => void;
  onGive: (changes: Partial<Given>) => void;
}) {
  const { name, description, data_type } = metric;
  const value = given?.value ?? "";
  return (
    <fieldset
      class={isCurrent ? "scored-metric scored-now" : "scored-metric"}
      data-row
      tabIndex={-1}
      disabled={isDone}
      onFocusIn={onCurrent}
    >
      <legend>{metricLabel(name)}</legend>
      {description !== null && <p class="muted">{description}</p>}
      <div class="choices">
        {choicesOf(metric).map((choice) => (
          <label key={choice.value} class="choice">
            <input
              type="radio"
              name={`value of ${name}`}
              checked={value === choice.value}
              onChange={() => onGive({ value: choice.value })}
            />
            {choice.key !== null && <kbd>{choice.key}</kbd>}
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
      {data_type === "NUMERIC" && (
        <label class="exact">
          Exact value
          <input
            inputMode="decimal"
            placeholder="0 to 1"
            value={value}
            onInput={({ currentTarget }) => onGive({ value: currentTarget.value.trim() })}
          />
        </label>
      )}
      {(!isDone || given?.reason) && (
        <label>
          <span>Reason {isCurrent && <kbd>r</kbd>}</span>
          <textarea
            rows={2}
            value={given?.reason ?? ""}
            onInput={({ currentTarget }) => onGive({ reason: currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.shiftKey) return;
              event.preventDefault();
              event.currentTarget.closest("fieldset")?.focus();
              event.stopPropagation();
            }}
          />
        </label>
      )}
      {verdict !== undefined && <JudgeVerdict verdict={verdict} given={value === "" ? null : value} />}
    </fieldset>
  );
}
