import { expect, test } from "vitest";
import { type Simulation, useSimulations } from "./support/simulation.ts";

const simulate = useSimulations();
const start = "2026-05-01T00:00:00.000Z";
const minutes = (count: number) => new Date(Date.parse(start) + count * 60_000).toISOString();

/** Creates `count` monitors that are due in a minute. */
async function dueMonitors(world: Simulation, count: number) {
  const monitors = [];
  for (let n = 0; n < count; n += 1) monitors.push(await world.create({ cadence: "daily" }));
  await world.db
    .updateTable("monitors")
    .set({ next_run_at: minutes(1) })
    .execute();
  return monitors;
}

async function countRuns(world: Simulation): Promise<number> {
  const { count } = await world.db
    .selectFrom("eval_runs")
    .where("project_id", "=", world.projectId)
    .select((row) => row.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/** The limit uses the real clock of the database, which a test cannot set. */
async function letAMinutePass(world: Simulation): Promise<void> {
  await world.db
    .updateTable("projects")
    .set({ monitor_runs: [] })
    .where("id", "=", world.projectId)
    .execute();
}

test("a monitor that is older than the limit on cadences keeps the shortest gap, and says so", async () => {
  const limits = { shortestGapMs: 300_000, runsPerMinute: 0, quietMs: 30_000 };
  await simulate({ start, limits }, async (world) => {
    const monitor = await world.create({ cadence: "daily" });
    expect(monitor.stretched_to_seconds).toBeNull();
    await world.db
      .updateTable("monitors")
      .set({ cadence: "cron:* * * * *", next_run_at: minutes(1) })
      .where("id", "=", monitor.id)
      .execute();
    expect((await world.read(monitor)).stretched_to_seconds).toBe(300);
    const times = await world.passUntil(minutes(20), monitor);
    expect(times).toEqual([1, 6, 11, 16].map(minutes));
  });
});

test("a late scheduler does not stretch a cadence that is long enough", async () => {
  const limits = { shortestGapMs: 300_000, runsPerMinute: 0, quietMs: 30_000 };
  await simulate({ start, limits }, async (world) => {
    const monitor = await world.create({ cadence: "cron:*/5 * * * *" });
    for (let n = 1; n < 6; n += 1) {
      await world.tick(minutes(5 * n).replace("00.000Z", "09.999Z"));
      expect((await world.read(monitor)).next_run_at).toBe(minutes(5 * n + 5));
    }
  });
});

test.each([1, 3])(
  "the monitors of a project share a limit of runs, and a tick over it is late, with %i schedulers",
  async (schedulers) => {
    const limits = { shortestGapMs: 300_000, runsPerMinute: 4, quietMs: 30_000 };
    await simulate({ start, limits, schedulers }, async (world) => {
      const monitors = await dueMonitors(world, 10);
      for (const expected of [4, 4, 8, 8, 10]) {
        if (expected > 4 && (await countRuns(world)) !== expected) await letAMinutePass(world);
        // A scheduler skips a monitor that another one has locked, so it may take more than one round.
        for (let ticks = 0; ticks < 3; ticks += 1) await world.tick(minutes(2));
        expect(await countRuns(world)).toBe(expected);
      }
      for (const monitor of monitors) {
        expect(await world.runs(monitor)).toHaveLength(1);
        expect((await world.read(monitor)).next_run_at).toBe(minutes(24 * 60));
      }
      expect(world.messages("warn")).toEqual([]);
      expect(world.messages("error")).toEqual([]);
    });
  },
);

test("ticks without a run do not count, and each project has its own limit", async () => {
  const limits = { shortestGapMs: 300_000, runsPerMinute: 1, quietMs: 30_000 };
  await simulate({ start, limits }, async (world) => {
    await world.create({ cadence: "daily", filters: { tags: ["nothing has it"] } });
    await world.create({ cadence: "daily", sampling_rate: 0 });
    const last = await world.create({ cadence: "daily" });
    await world.tick(minutes(24 * 60));
    expect(await world.runs(last)).toHaveLength(1);
  });
});
