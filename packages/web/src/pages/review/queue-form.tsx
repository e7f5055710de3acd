import type { ReviewMetricRequest, ReviewOrder } from "@pandaprobe/sdk/review";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { review } from "../../data/session.ts";
import { pagePath } from "../../data/url-state.ts";
import { ActionError, useAction } from "../../ui/action.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Check, Choice, TextField } from "../../ui/fields.tsx";
import { FilterFields, type Filters, givenFilters } from "../../ui/filter-fields.tsx";
import { metricLabel } from "../../ui/format.ts";
import { MetricChecks } from "../../ui/metric-checks.tsx";
import { useMetrics } from "../../ui/run-form.tsx";

const orders: Readonly<Record<ReviewOrder, string>> = {
  random: "At random, to measure the judge",
  disagreement: "Where judges disagree most first",
  uncertainty: "Where the judge is least sure first",
};

const orderNames = Object.keys(orders) as ReviewOrder[];

type TargetType = "TRACE" | "SESSION";

/** Draws traces or sessions from a run or from all, and opens the first one. */
export function QueueForm({
  runId,
  metrics,
  type: typeAtFirst,
  onClose,
}: {
  runId: string | undefined;
  metrics: readonly string[];
  type: TargetType;
  onClose: () => void;
}) {
  const { route } = useLocation();
  const [name, setName] = useState("");
  const [type, setType] = useState(typeAtFirst);
  const [chosen, setChosen] = useState(metrics);
  const [label, setLabel] = useState("");
  const [choices, setChoices] = useState("");
  const [filters, setFilters] = useState<Filters>({});
  const [order, setOrder] = useState<ReviewOrder>("random");
  const [size, setSize] = useState("50");
  const [reviewers, setReviewers] = useState("1");
  const [isBlind, setBlind] = useState(true);
  const kind = type === "TRACE" ? "trace" : "session";
  const offered = useMetrics(kind);
  const scored = (): ReviewMetricRequest[] => [
    ...chosen.map((each) => ({ name: each })),
    ...(label.trim() === "" ? [] : [ownLabel(label.trim(), choices)]),
  ];
  const creating = useAction(async () => {
    const queue = await review().createReviewQueue({
      name:
        name.trim() === ""
          ? scored()
              .map((metric) => metricLabel(metric.name))
              .join(", ")
          : name,
      target_type: type,
      metrics: scored(),
      from: { filters: givenFilters(filters), ...(runId === undefined ? {} : { run_id: runId }) },
      order,
      size: Number(size),
      reviewers_per_item: Number(reviewers),
      blind: isBlind,
    });
    route(pagePath(["review", queue.id]));
  });
  return (
    <Dialog title={runId === undefined ? "New review queue" : "Review a sample of the run"} onClose={onClose}>
      <form
        class="run-form"
        onSubmit={(event) => {
          event.preventDefault();
          creating.run();
        }}
      >
        <TextField label="Name" placeholder="By default, what people score" value={name} onInput={setName} />
        {runId === undefined && (
          <Choice
            label="People score"
            value={type}
            options={[
              ["TRACE", "Traces"],
              ["SESSION", "Sessions"],
            ]}
            onInput={(next) => {
              setType(next === "SESSION" ? "SESSION" : "TRACE");
              setChosen([]);
              setFilters({});
            }}
          />
        )}
        <MetricChecks
          legend="By metrics, to see whether their judge is right"
          metrics={offered}
          chosen={chosen}
          onChange={setChosen}
        />
        <TextField
          label="A label of your own"
          placeholder="Optional, such as polite"
          value={label}
          onInput={setLabel}
        />
        <TextField label="Its choices" placeholder="Yes or no" value={choices} onInput={setChoices} />
        <FilterFields kind={kind} filters={filters} onChange={setFilters} />
        <Choice
          label="Drawn"
          value={order}
          options={Object.entries(orders)}
          onInput={(next) => setOrder(orderNames.find((each) => each === next) ?? "random")}
        />
        <TextField
          label={`How many ${kind}s`}
          type="number"
          required
          min={1}
          max={1000}
          value={size}
          onInput={setSize}
        />
        <TextField
          label={`People per ${kind}`}
          type="number"
          required
          min={1}
          max={10}
          value={reviewers}
          onInput={setReviewers}
        />
        <Check
          label="Blind: the judge’s scores are shown after the reviewer’s own"
          value={isBlind}
          onInput={setBlind}
        />
        <ActionError error={creating.error} />
        <footer class="dialog-foot">
          <button type="submit" class="primary" disabled={creating.isBusy || scored().length === 0}>
            Create
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

/** A label that is yes or no, or one of the choices with commas between them. */
function ownLabel(name: string, choices: string): ReviewMetricRequest {
  const given = choices
    .split(",")
    .map((choice) => choice.trim())
    .filter(Boolean);
  return given.length === 0
    ? { name, data_type: "BOOLEAN" }
    : { name, data_type: "CATEGORICAL", choices: given };
}
