/** @module-tag slow */
import { describe, expect, test } from "vitest";
import { pauseMonitor, resumeMonitor } from "../../src/features/monitors/pause-monitor.ts";
import { triggerMonitor } from "../../src/features/monitors/run-monitor.ts";
import { updateMonitor } from "../../src/features/monitors/update-monitor.ts";
import { isNightly } from "../support/nightly.ts";
import { type Simulation, useSimulations } from "./support/simulation.ts";

const simulate = useSimulations();
const day = 86_400_000;

/** `count` times, `days` days apart, after a time. */
function everySoManyDays(days: number, from: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) =>
    new Date(Date.parse(from) + (n + 1) * days * day).toISOString(),
  );
}

/** The time of half past two in Berlin in 2026, where clocks skip it on March 29 and change back on October 25. */
function halfPastTwo(date: string): string {
  if (date === "2026-03-29") return `${date}T01:00:00.000Z`;
  const isSummer = date > "2026-03-29" && date <= "2026-10-25";
  return `${date}T${isSummer ? "00" : "01"}:30:00.000Z`;
}

describe("over a long time", { tags: ["nightly"], timeout: 600_000 }, () => {
  const start = "2026-01-01T07:15:30.123Z";

  test.each([
    ["every_6h", 0.25, isNightly ? 4 * 365 : 28],
    ["daily", 1, isNightly ? 365 : 31],
    ["weekly", 7, isNightly ? 52 : 12],
  ])("%s fires exactly when it should", async (cadence, days, count) => {
    const times = everySoManyDays(days, start, count);
    const end = new Date(Date.parse(times.at(-1) ?? "") + 1).toISOString();
    await simulate({ start }, async (world) => {
      const monitor = await world.create({ cadence });
      expect(await world.passUntil(end, monitor)).toEqual(times);
      const runs = await world.runs(monitor);
      expect(runs).toHaveLength(times.length);
      expect(new Set(runs.map((run) => run.name))).toEqual(new Set(["[Monitor] simulated"]));
      expect((await world.read(monitor)).last_run_id).toBe(runs[0]?.id);
    });
  });

  test.each(
    isNightly
      ? [["2026-01-01", 365]]
      : ([
          ["2026-03-20", 20],
          ["2026-10-15", 20],
        ] as const),
  )("a pattern fires at its local time in summer and winter: from %s, %i days", async (date, count) => {
    const from = `${date}T07:15:30.123Z`;
    const dates = everySoManyDays(1, from, count).map((time) => time.slice(0, 10));
    await simulate({ start: from }, async (world) => {
      const monitor = await world.create({ cadence: "cron:30 2 * * *", timezone: "Europe/Berlin" });
      const end = `${dates.at(-1)}T07:15:30.124Z`;
      expect(await world.passUntil(end, monitor)).toEqual(dates.map(halfPastTwo));
    });
  });
});

describe("while no scheduler runs", () => {
  test("a day of missed ticks becomes one tick, and the next ticks keep their times", async () => {
    await simulate({ start: "2026-05-01T00:00:00.000Z" }, async (world) => {
      const monitor = await world.create({ cadence: "every_6h" });
      await world.tick("2026-05-01T06:00:00.000Z");
      await world.tick("2026-05-02T07:40:00.000Z");
      expect(await world.runs(monitor)).toHaveLength(2);
      expect(await world.read(monitor)).toMatchObject({
        last_run_at: "2026-05-02T07:40:00.000Z",
        next_run_at: "2026-05-02T12:00:00.000Z",
      });
      await world.tick("2026-05-02T11:59:59.999Z");
      expect(await world.runs(monitor)).toHaveLength(2);
      await world.tick("2026-05-02T12:00:00.000Z");
      expect(await world.runs(monitor)).toHaveLength(3);
    });
  });

  test("a late scheduler does not move the ticks", async () => {
    await simulate({ start: "2026-05-01T00:00:00.000Z" }, async (world) => {
      const monitor = await world.create({ cadence: "daily" });
      for (let date = 2; date < 9; date += 1) {
        await world.tick(`2026-05-0${date}T00:00:09.999Z`);
        expect((await world.read(monitor)).next_run_at).toBe(`2026-05-0${date + 1}T00:00:00.000Z`);
      }
    });
  });
});

describe("several schedulers at once", () => {
  test.each([2, 5])("%i fire each tick once", { timeout: 120_000 }, async (schedulers) => {
    await simulate({ start: "2026-05-01T00:00:00.000Z", schedulers }, async (world) => {
      const monitors = [];
      for (let n = 0; n < 6; n += 1) monitors.push(await world.create({ cadence: "every_6h" }));
      for (let n = 1; n <= 12; n += 1) {
        const time = new Date(Date.parse("2026-05-01") + n * 6 * 3_600_000).toISOString();
        await world.tick(time);
        // The schedulers that came second skipped the monitor, and none is still due.
        for (const monitor of monitors) expect(await world.runs(monitor)).toHaveLength(n);
      }
      expect(world.messages("error")).toEqual([]);
      expect(world.messages("warn")).toEqual([]);
    });
  });
});

describe("a monitor that is", () => {
  const start = "2026-05-01T00:00:00.000Z";

  test("paused does not fire, and fires no missed ticks once resumed", async () => {
    await simulate({ start }, async (world) => {
      const monitor = await world.create({ cadence: "daily" });
      await pauseMonitor(world, world.projectId, monitor.id);
      await world.tick("2026-05-10T12:00:00.000Z");
      expect(await world.runs(monitor)).toEqual([]);
      const resumed = await resumeMonitor(world, world.projectId, monitor.id);
      expect(resumed.next_run_at).toBe("2026-05-11T00:00:00.000Z");
      await world.tick();
      expect(await world.runs(monitor)).toEqual([]);
      await world.tick("2026-05-11T00:00:00.000Z");
      expect(await world.runs(monitor)).toHaveLength(1);
    });
  });

  test("changed fires by its new cadence", async () => {
    await simulate({ start }, async (world) => {
      const monitor = await world.create({ cadence: "weekly" });
      world.time = "2026-05-03T13:00:00.000Z";
      const daily = await updateMonitor(world, world.projectId, monitor.id, { cadence: "daily" });
      expect(daily.next_run_at).toBe("2026-05-04T00:00:00.000Z");
      const cron = await updateMonitor(world, world.projectId, monitor.id, {
        cadence: "cron:0 9 * * *",
        timezone: "Asia/Tokyo",
      });
      expect(cron.next_run_at).toBe("2026-05-04T00:00:00.000Z");
      const tokyo = await updateMonitor(world, world.projectId, monitor.id, { timezone: "UTC" });
      expect(tokyo.next_run_at).toBe("2026-05-04T09:00:00.000Z");
      expect(await world.passUntil("2026-05-06T00:00:00.000Z", monitor)).toEqual([
        "2026-05-04T09:00:00.000Z",
        "2026-05-05T09:00:00.000Z",
      ]);
    });
  });

  test("triggered still fires at its next tick", async () => {
    await simulate({ start }, async (world) => {
      const monitor = await world.create({ cadence: "daily" });
      world.time = "2026-05-01T23:00:00.000Z";
      const run = await triggerMonitor(world, world.projectId, monitor.id);
      expect(await world.read(monitor)).toMatchObject({
        last_run_id: run.id,
        last_run_at: world.time,
        next_run_at: "2026-05-02T00:00:00.000Z",
      });
      await world.tick("2026-05-02T00:00:00.000Z");
      expect(await world.runs(monitor)).toHaveLength(2);
    });
  });

  test("deleted does not fire", async () => {
    await simulate({ start }, async (world) => {
      const monitor = await world.create();
      await world.db.deleteFrom("monitors").where("id", "=", monitor.id).execute();
      await world.tick("2026-06-01T00:00:00.000Z");
      expect(
        await world.db
          .selectFrom("eval_runs")
          .select("id")
          .where("project_id", "=", world.projectId)
          .execute(),
      ).toEqual([]);
    });
  });
});

describe("a tick with nothing to do", () => {
  const start = "2026-05-01T00:00:00.000Z";
  const firstTick = "2026-05-02T00:00:00.000Z";

  async function expectSkip(world: Simulation, monitor: { id: string }): Promise<void> {
    await world.tick(firstTick);
    expect(await world.runs(monitor)).toEqual([]);
    expect(await world.read(monitor)).toMatchObject({
      status: "ACTIVE",
      last_run_at: null,
      last_run_id: null,
      next_run_at: "2026-05-03T00:00:00.000Z",
    });
  }

  test("is skipped if nothing matches", async () => {
    await simulate({ start }, async (world) => {
      const monitor = await world.create({ filters: { tags: ["rare"] } });
      await expectSkip(world, monitor);
      expect(world.messages("debug")).toEqual([expect.stringContaining("nothing matches")]);
      await world.store({ tags: ["rare"] });
      await world.tick("2026-05-03T00:00:00.000Z");
      expect(await world.runs(monitor)).toHaveLength(1);
    });
  });

  test("is skipped at a sampling rate of 0", async () => {
    await simulate({ start }, async (world) => {
      await expectSkip(world, await world.create({ sampling_rate: 0 }));
    });
  });

  test("is skipped if the judge is no longer configured, and logs that", async () => {
    await simulate({ start }, async (world) => {
      const monitor = await world.create();
      await world.db.updateTable("monitors").set({ model: "openai/gpt-5.4" }).execute();
      await expectSkip(world, monitor);
      expect(world.log).toMatchObject([{ level: "warn", details: { monitor: monitor.id } }]);
    });
  });
});

describe("a monitor that cannot run", () => {
  const start = "2026-05-01T00:00:00.000Z";
  const later = "2026-05-02T00:00:00.000Z";

  test.each([
    ["whose filters are unknown", { filters: '{"colour":"red"}' }],
    ["whose filters are not an object", { filters: "[1]" }],
    ["whose metric does not exist", { metric_names: ["wisdom"] }],
    ["whose provider is not configured", { model: "unknown/model" }],
    ["whose filters the database rejects", { filters: '{"tags":["\\u0000"]}' }],
  ])("%s skips its tick, and delays no other monitor", async (_, poison) => {
    await simulate({ start }, async (world) => {
      const bad = await world.create();
      const good = await world.create();
      await world.db.updateTable("monitors").set(poison).where("id", "=", bad.id).execute();
      await world.tick(later);
      expect(await world.runs(bad)).toEqual([]);
      expect(await world.runs(good)).toHaveLength(1);
      expect(await world.read(bad)).toMatchObject({
        status: "ACTIVE",
        next_run_at: "2026-05-03T00:00:00.000Z",
        last_run_at: null,
      });
      expect(world.messages("warn")).toEqual([expect.stringContaining("could not be created")]);
    });
  });

  test.each([
    ["cadence", { cadence: "hourly" }],
    ["pattern", { cadence: "cron:0 0 30 2 *" }],
    ["time zone", { cadence: "cron:0 0 * * *", timezone: "Europe/Nowhere" }],
  ])("whose %s is invalid is paused, and logs that", async (_, poison) => {
    await simulate({ start }, async (world) => {
      const bad = await world.create();
      const good = await world.create();
      await world.db.updateTable("monitors").set(poison).where("id", "=", bad.id).execute();
      await world.tick(later);
      expect(await world.runs(good)).toHaveLength(1);
      expect(await world.read(bad)).toMatchObject({ status: "PAUSED", next_run_at: null });
      expect(world.messages("error")).toEqual([expect.stringContaining("it is paused")]);
    });
  });

  test("does not delay hundreds of others", { timeout: 60_000 }, async () => {
    await simulate({ start }, async (world) => {
      const monitors = [];
      for (let n = 0; n < 230; n += 1) monitors.push(await world.create());
      const bad = monitors.filter((_, n) => n % 2 === 0).map(({ id }) => id);
      await world.db.updateTable("monitors").set({ model: "unknown/model" }).where("id", "in", bad).execute();
      await world.tick(later);
      const fired = await world.db
        .selectFrom("monitors")
        .select("id")
        .where("last_run_at", "=", later)
        .execute();
      expect(fired).toHaveLength(115);
      expect(
        await world.db.selectFrom("monitors").select("id").where("next_run_at", "<=", later).execute(),
      ).toEqual([]);
    });
  });
});
