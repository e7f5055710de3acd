import type { EvalRunFilters, RunEstimate } from "@pandaprobe/sdk";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { useMetricList } from "../data/metrics-client.ts";
import { api } from "../data/session.ts";
import { pagePath } from "../data/url-state.ts";
import { ActionError, useAction } from "./action.tsx";
import { Dialog } from "./dialog.tsx";
import { TextField } from "./fields.tsx";
import { formatCount, formatCounted, formatMoney } from "./format.ts";
import { MetricChecks } from "./metric-checks.tsx";
import { RunFields, useRunFields } from "./run-fields.tsx";

export type TargetKind = "trace" | "session";

/** The targets of a new run: these traces, or all that match. */
export type RunTargets =
  | { readonly kind: "trace"; readonly ids: readonly string[] }
  | { readonly kind: TargetKind; readonly filters: EvalRunFilters };

/** Chooses metrics, judge and budget, shows the estimate, and starts the run. */
export function RunForm({ targets, onClose }: { targets: RunTargets; onClose: () => void }) {
  const { route } = useLocation();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [name, setName] = useState("");
  const fields = useRunFields({ filters: "filters" in targets ? { ...targets.filters } : {} });
  const [estimate, setEstimate] = useState<RunEstimate | null>(null);
  const { kind } = targets;
  const metrics = useMetrics(kind);
  const asked = () => ({ metrics: [...chosen], name: name === "" ? null : name, ...fields.values() });
  const estimating = useAction(async () => {
    setEstimate(
      await (kind === "trace" ? api().estimateTraceRun(asked()) : api().estimateSessionRun(asked())),
    );
  });
  const starting = useAction(async () => {
    const run = await ("ids" in targets
      ? api().createTraceRunBatch(batchOf(asked(), targets.ids))
      : kind === "trace"
        ? api().createTraceRun(asked())
        : api().createSessionRun(asked()));
    onClose();
    route(pagePath(["runs", kind, run.id]));
  });
  const what = "ids" in targets ? formatCounted(targets.ids.length, "trace") : `all matching ${kind}s`;
  const changed = (act: () => void) => {
    act();
    setEstimate(null);
  };
  return (
    <Dialog title={`Evaluate ${what}`} onClose={onClose}>
      <form
        class="run-form"
        onSubmit={(event) => {
          event.preventDefault();
          starting.run();
        }}
      >
        <MetricChecks metrics={metrics} chosen={chosen} onChange={(next) => changed(() => setChosen(next))} />
        <TextField label="Name" placeholder="Optional" value={name} onInput={setName} />
        <RunFields
          kind={kind}
          fields={fields}
          hasFilters={"filters" in targets}
          onChange={() => setEstimate(null)}
        />
        {estimate !== null && <Estimate estimate={estimate} />}
        <ActionError error={starting.error ?? estimating.error} />
        <footer class="dialog-foot">
          {"filters" in targets && (
            <button
              type="button"
              disabled={chosen.length === 0 || estimating.isBusy}
              onClick={() => estimating.run()}
            >
              Estimate
            </button>
          )}
          <button type="submit" class="primary" disabled={chosen.length === 0 || starting.isBusy}>
            Evaluate
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function batchOf<Asked extends { filters: unknown; sampling_rate: unknown }>(
  { filters: _f, sampling_rate: _r, ...same }: Asked,
  ids: readonly string[],
) {
  return { ...same, trace_ids: [...ids] };
}

function Estimate({ estimate: { targets, calls, cached_calls, cost_usd } }: { estimate: RunEstimate }) {
  return (
    <p class="estimate" role="status">
      {formatCount(targets)} targets, {formatCount(calls)} judge calls
      {cached_calls > 0 && `, ${formatCount(cached_calls)} answers already stored`}
      {cost_usd === null
        ? "; the price of a model is unknown."
        : cost_usd.high === 0
          ? "; free."
          : `; ${formatMoney(cost_usd.low)} to ${formatMoney(cost_usd.high)}.`}
    </p>
  );
}

/** The metrics of such targets: built-in ones, then the project's own. */
export function useMetrics(kind: TargetKind) {
  return (useMetricList().data ?? []).filter(({ category }) => category === kind);
}
