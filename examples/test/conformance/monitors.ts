import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { model, storeTraces, unknownId } from "./samples.ts";
import type { Behaviour } from "./side.ts";

const body = {
  name: "every day",
  target_type: "TRACE",
  metrics: ["coherence", "coherence"],
  cadence: "daily",
  model,
} as const;

const hourMs = 3_600_000;
const after = (start: string, end: string | null) => Date.parse(end ?? "") - Date.parse(start);

export const monitors: readonly Behaviour[] = [
  {
    name: "creates a monitor, whose first tick is one period later",
    async check(side) {
      const client = side.client();
      const made = await client.createMonitor({ ...body, metrics: [...body.metrics] });
      expect(made).toMatchObject({
        name: "every day",
        target_type: "TRACE",
        metric_names: ["coherence"],
        filters: {},
        sampling_rate: 1,
        model,
        timezone: "UTC",
        only_if_changed: true,
        status: "ACTIVE",
        last_run_at: null,
        last_run_id: null,
      });
      expect(after(made.created_at, made.next_run_at)).toBe(24 * hourMs);
      const cron = await client.createMonitor({
        ...body,
        metrics: ["coherence"],
        cadence: "cron:30 6 * * MON-FRI",
        timezone: "Asia/Tokyo",
      });
      expect(cron.next_run_at).toMatch(/T21:30:00\.000Z$/);
      const session = await client.createMonitor({
        ...body,
        target_type: "SESSION",
        metrics: ["agent_reliability"],
        filters: { min_trace_count: 2 },
        signal_weights: { coherence: 0 },
      });
      expect(session.filters).toEqual({ min_trace_count: 2, signal_weights: { coherence: 0 } });
      expect(await client.getMonitor(made.id)).toEqual(made);
      expect((await client.listMonitors({ limit: 2 })).items.map(({ id }) => id)).toEqual([
        session.id,
        cron.id,
      ]);
    },
  },
  {
    name: "refuses monitors that could never run",
    async check(side) {
      const client = side.client();
      const wrong = (changes: object) =>
        client.createMonitor({ ...body, metrics: ["coherence"], ...changes });
      await expectRefusal(wrong({ cadence: "hourly" }), 400, "invalid_cadence", ["body", "cadence"]);
      await expectRefusal(wrong({ cadence: "cron:0 0 30 2 *" }), 400, "invalid_cadence");
      await expectRefusal(wrong({ cadence: "cron:* * * * * *" }), 400, "invalid_cadence");
      await expectRefusal(wrong({ timezone: "Mars/Olympus" }), 422, "validation_error", ["body", "timezone"]);
      await expectRefusal(wrong({ metrics: ["agent_reliability"] }), 400, "unknown_metric");
      await expectRefusal(wrong({ filters: { min_trace_count: 2 } }), 400, "invalid_filters", [
        "body",
        "filters",
        "min_trace_count",
      ]);
      await expectRefusal(wrong({ signal_weights: {} }), 422, "validation_error", ["body", "signal_weights"]);
      await expectRefusal(wrong({ target_type: "SPAN" }), 422, "validation_error", ["body", "target_type"]);
      expect((await client.listMonitors()).total).toBe(0);
    },
  },
  {
    name: "changes only the fields of a monitor that are sent",
    async check(side) {
      const client = side.client();
      const made = await client.createMonitor({ ...body, metrics: ["coherence"], filters: { tags: ["a"] } });
      const changed = await client.updateMonitor(made.id, {
        name: "weekly",
        cadence: "weekly",
        model: null,
        filters: null,
        sampling_rate: 0.5,
      });
      expect(changed).toMatchObject({
        name: "weekly",
        filters: { tags: ["a"] },
        model: null,
        sampling_rate: 0.5,
        metric_names: ["coherence"],
      });
      expect(after(made.created_at, changed.next_run_at)).toBe(7 * 24 * hourMs);
      expect(await client.updateMonitor(made.id, { filters: {} })).toMatchObject({ filters: {} });
      await expectRefusal(client.updateMonitor(made.id, { cadence: "never" }), 400, "invalid_cadence");
      await expectRefusal(client.updateMonitor(made.id, { metrics: ["vibes"] }), 400, "unknown_metric");
      await expectRefusal(client.updateMonitor(unknownId, { name: "a" }), 404, "not_found");
    },
  },
  {
    name: "pauses and resumes a monitor",
    async check(side) {
      const client = side.client();
      const made = await client.createMonitor({ ...body, metrics: ["coherence"] });
      const paused = await client.pauseMonitor(made.id);
      expect(paused).toMatchObject({ status: "PAUSED", next_run_at: null });
      expect(await client.pauseMonitor(made.id)).toEqual(paused);
      expect((await client.listMonitors({ status: "ACTIVE" })).total).toBe(0);
      expect(await client.resumeMonitor(made.id)).toMatchObject({
        status: "ACTIVE",
        next_run_at: made.next_run_at,
      });
      await expectRefusal(client.pauseMonitor(unknownId), 404, "not_found");
      await expectRefusal(client.resumeMonitor(unknownId), 404, "not_found");
    },
  },
  {
    name: "runs a monitor on demand, and keeps its runs when it is deleted",
    async check(side) {
      const client = side.client();
      const made = await client.createMonitor({ ...body, metrics: ["coherence"], filters: { tags: ["a"] } });
      await expectRefusal(client.triggerMonitor(made.id), 422, "nothing_matches");
      await storeTraces(client, { tags: ["a"] }, {});
      const run = await client.triggerMonitor(made.id);
      expect(run).toMatchObject({
        name: "[Monitor] every day",
        monitor_id: made.id,
        total_targets: 1,
        filters: { tags: ["a"] },
        status: "PENDING",
      });
      await client.waitForRun(run);
      expect(await client.getMonitor(made.id)).toMatchObject({
        last_run_id: run.id,
        next_run_at: made.next_run_at,
        last_run_at: expect.any(String),
      });
      expect((await client.listMonitorRuns(made.id)).items.map(({ id }) => id)).toEqual([run.id]);
      await client.deleteMonitor(made.id);
      expect(await client.getTraceRun(run.id)).toMatchObject({ monitor_id: null });
      await expectRefusal(client.listMonitorRuns(made.id), 404, "not_found");
      await expectRefusal(client.triggerMonitor(made.id), 404, "not_found");
      await expectRefusal(client.deleteMonitor(made.id), 404, "not_found");
    },
  },
];
