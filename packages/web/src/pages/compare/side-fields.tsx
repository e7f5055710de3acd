import type { EvalRunResponse } from "@pandaprobe/sdk";
import { useUrlState } from "../../data/url-state.ts";
import { TextFilter } from "../../ui/filters.tsx";
import { formatAgo } from "../../ui/format.ts";
import { runName } from "../../ui/run-table.tsx";
import { type SideName, sideLabels, sideParameters } from "./comparison-choice.ts";

/** Chooses one side: a run that has ended, or the traces that match filters. */
export function SideFields({ side, runs }: { side: SideName; runs: readonly EvalRunResponse[] }) {
  const { get, set } = useUrlState();
  const chosen = get(side);
  const hasFilters = sideParameters.slice(1).some((parameter) => get(`${side}${parameter}`) !== undefined);
  const by = chosen === undefined && hasFilters ? "filters" : "run";
  const switchTo = (next: "run" | "filters") => {
    const cleared = Object.fromEntries(sideParameters.map((parameter) => [`${side}${parameter}`, undefined]));
    set({ ...cleared, [`${side}_by`]: next === "filters" ? next : undefined, case: undefined });
  };
  return (
    <fieldset class="side">
      <legend>{sideLabels[side]}</legend>
      <div class="tabs" role="tablist" aria-label={`${sideLabels[side]}, chosen by`}>
        {(["run", "filters"] as const).map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            aria-selected={by === each}
            onClick={() => by !== each && switchTo(each)}
          >
            {each === "run" ? "A run" : "Traces that match"}
          </button>
        ))}
      </div>
      {by === "run" ? (
        <select
          aria-label={`${sideLabels[side]}: run`}
          value={chosen ?? ""}
          onChange={({ currentTarget }) => set({ [side]: currentTarget.value, case: undefined })}
        >
          <option value="">{runs.length === 0 ? "No run has ended yet" : "Choose a run"}</option>
          {chosen !== undefined && !runs.some(({ id }) => id === chosen) && (
            <option value={chosen}>Run …{chosen.slice(-12)}</option>
          )}
          {runs.map((run) => (
            <option key={run.id} value={run.id}>
              {runName(run)} · {formatAgo(run.created_at)}
            </option>
          ))}
        </select>
      ) : (
        <div class="side-filters">
          <TextFilter name={`${side}_release`} label="Release" isSearch={side === "a"} />
          <TextFilter name={`${side}_tags`} label="Tags" />
          <TextFilter name={`${side}_environment`} label="Environment" />
          <TextFilter name={`${side}_user_id`} label="User" />
          <DateFilter name={`${side}_date_from`} label="From" />
          <DateFilter name={`${side}_date_to`} label="Before" />
        </div>
      )}
    </fieldset>
  );
}

/** A day in the user's time zone. The URL has the instant, so that a link means the same everywhere. */
function DateFilter({ name, label }: { name: string; label: string }) {
  const { get, set } = useUrlState();
  return (
    <label>
      {label}
      <input
        type="date"
        value={dayOf(get(name))}
        onChange={({ currentTarget }) => set({ [name]: startOf(currentTarget.value) })}
      />
    </label>
  );
}

function dayOf(instant: string | undefined): string {
  const time = new Date(instant ?? "");
  // Swedish dates have the format of the field.
  return Number.isNaN(time.getTime()) ? "" : time.toLocaleDateString("sv");
}

function startOf(day: string): string | undefined {
  const time = new Date(`${day}T00:00`);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
