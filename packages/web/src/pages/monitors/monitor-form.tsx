import type { MonitorResponse } from "@pandaprobe/sdk";
import { useState } from "preact/hooks";
import { api } from "../../data/session.ts";
import { ActionError, useAction } from "../../ui/action.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Check, Choice, TextField } from "../../ui/fields.tsx";
import { formatTime } from "../../ui/format.ts";
import { MetricChecks } from "../../ui/metric-checks.tsx";
import { RunFields, useRunFields } from "../../ui/run-fields.tsx";
import { useMetrics } from "../../ui/run-form.tsx";
import { nextTicks } from "./next-ticks.ts";

const tickCount = 5;

/** Creates a monitor, or changes one. The target type of a monitor cannot change. */
export function MonitorForm({ monitor, onClose }: { monitor: MonitorResponse | null; onClose: () => void }) {
  const [name, setName] = useState(monitor?.name ?? "");
  const [type, setType] = useState(
    monitor?.target_type === "SESSION" ? ("SESSION" as const) : ("TRACE" as const),
  );
  const [chosen, setChosen] = useState<readonly string[]>(monitor?.metric_names ?? []);
  const [cadence, setCadence] = useState(monitor?.cadence.replace(/^cron:/, "") ?? "daily");
  const [timezone, setTimezone] = useState(monitor?.timezone ?? "UTC");
  const [onlyChanged, setOnlyChanged] = useState(monitor?.only_if_changed ?? true);
  const fields = useRunFields(monitor ?? {});
  const metrics = useMetrics(type === "TRACE" ? "trace" : "session");
  const given = () => ({
    name,
    metrics: [...chosen],
    cadence: cadence.includes(" ") ? `cron:${cadence.trim()}` : cadence.trim(),
    timezone,
    only_if_changed: onlyChanged,
  });
  const settings = () => {
    const { model, ...others } = fields.values();
    // A jury, which the form does not show, stays unless a judge is named.
    return model === (monitor?.model ?? null) ? others : { ...others, model, judges: null };
  };
  const saving = useAction(async () => {
    await (monitor === null
      ? api().createMonitor({ ...given(), ...settings(), target_type: type })
      : api().updateMonitor(monitor.id, { ...given(), ...settings() }));
  });
  const ticks = nextTicks(given().cadence, timezone, new Date(), monitor?.created_at, tickCount);
  return (
    <Dialog title={monitor === null ? "New monitor" : `Edit ${monitor.name}`} onClose={onClose}>
      <form
        class="run-form"
        onSubmit={async (event) => {
          event.preventDefault();
          if (await saving.run()) onClose();
        }}
      >
        <TextField label="Name" required value={name} onInput={setName} />
        {monitor === null && (
          <Choice
            label="Targets"
            value={type}
            options={[
              ["TRACE", "Traces"],
              ["SESSION", "Sessions"],
            ]}
            onInput={(next) => {
              setType(next === "SESSION" ? "SESSION" : "TRACE");
              setChosen([]);
              fields.setFilters({});
            }}
          />
        )}
        <MetricChecks metrics={metrics} chosen={chosen} onChange={setChosen} />
        <RunFields kind={type === "TRACE" ? "trace" : "session"} fields={fields} hasFilters />
        <TextField
          label="Cadence"
          required
          suggestions={["every_6h", "daily", "weekly", "30 6 * * MON-FRI"]}
          value={cadence}
          onInput={setCadence}
        />
        <TextField label="Time zone" value={timezone} onInput={setTimezone} />
        <Check label="Skip when nothing has changed" value={onlyChanged} onInput={setOnlyChanged} />
        <section class="ticks" aria-label="Next ticks">
          {ticks === null ? (
            <p class="muted">
              Use every_6h, daily, weekly, or five fields: minute, hour, day, month, weekday.
            </p>
          ) : (
            <ol>
              {ticks.map((tick) => (
                <li key={tick.getTime()}>{formatTime(tick.toISOString())}</li>
              ))}
            </ol>
          )}
        </section>
        <ActionError error={saving.error} />
        <footer class="dialog-foot">
          <button type="submit" class="primary" disabled={saving.isBusy || chosen.length === 0}>
            {monitor === null ? "Create" : "Save"}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
