import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { triggerMonitor } from "../../src/features/monitors/run-monitor.ts";
import { updateMonitor } from "../../src/features/monitors/update-monitor.ts";
import { deleteRun } from "../../src/features/runs/finish/end-run.ts";
import { traceKind } from "../../src/features/runs/target-kinds/trace-kind.ts";
import { deleteTrace } from "../../src/features/traces/delete-traces.ts";
import { storeTraces } from "../../src/features/traces/store-traces.ts";
import { type MonitorFields, type Simulation, useSimulations } from "./support/simulation.ts";

const simulate = useSimulations();
const start = "2026-05-01T00:00:00.000Z";

/** A daily monitor that has created its first run, and functions for its next ticks. */
async function withMonitor(
  fields: MonitorFields,
  work: (world: Simulation, monitor: { id: string }, ticks: () => Promise<number>) => Promise<void>,
): Promise<void> {
  await simulate({ start }, async (world) => {
    await world.store({ session_id: "s", user_id: "ann", tags: ["a"] });
    const monitor = await world.create({ only_if_changed: true, ...fields });
    let date = 1;
    /** Advances to the next day. @returns the number of new runs. */
    const ticks = async () => {
      const before = (await world.runs(monitor)).length;
      date += 1;
      await world.tick(new Date(Date.UTC(2026, 4, date)).toISOString());
      return (await world.runs(monitor)).length - before;
    };
    expect(await ticks()).toBe(1);
    await work(world, monitor, ticks);
  });
}

const unpriced = () => null;

describe("a tick of a monitor that runs only if something changed", () => {
  test("runs the first time, and is skipped while nothing happens", async () => {
    await withMonitor({}, async (world, monitor, ticks) => {
      for (let n = 0; n < 5; n += 1) expect(await ticks()).toBe(0);
      expect(await world.read(monitor)).toMatchObject({
        last_run_at: "2026-05-02T00:00:00.000Z",
        next_run_at: "2026-05-08T00:00:00.000Z",
      });
      expect(world.messages("debug")).toHaveLength(5);
      expect(world.messages("warn")).toEqual([]);
    });
  });

  test("runs once for traces stored since, whenever they started", async () => {
    await withMonitor({}, async (world, _, ticks) => {
      await world.store({ started_at: "1999-01-01T00:00:00.000Z" });
      expect(await ticks()).toBe(1);
      expect(await ticks()).toBe(0);
    });
  });

  test("runs for a changed trace, even if only a span changed", async () => {
    await withMonitor({}, async (world, _, ticks) => {
      const trace_id = await world.store();
      expect(await ticks()).toBe(1);
      await world.store({ trace_id, output: "something else" });
      expect(await ticks()).toBe(1);
      await world.store({ trace_id, spans: [{ name: "a step", started_at: start }] });
      expect(await ticks()).toBe(1);
      await sql`update traces set tags = '{late}' where trace_id = ${trace_id}`.execute(world.db);
      expect(await ticks()).toBe(1);
      expect(await ticks()).toBe(0);
    });
  });

  test("considers only traces that match now", async () => {
    await withMonitor({ filters: {} }, async (world, monitor, ticks) => {
      await updateMonitor(world, world.projectId, monitor.id, { filters: { tags: ["a"] } });
      await world.store({ tags: ["a"] });
      expect(await ticks()).toBe(1);
      const other = await world.store({ tags: ["b"] });
      expect(await ticks()).toBe(0);
      await world.store({ trace_id: other, tags: ["a"] });
      expect(await ticks()).toBe(1);
      await sql`update traces set tags = '{b}' where trace_id = ${other}`.execute(world.db);
      expect(await ticks()).toBe(0);
    });
  });

  test("ignores the traces of other projects", async () => {
    await withMonitor({}, async (world, _, ticks) => {
      const other = "99999999-9999-4999-8999-999999999999";
      await world.db
        .insertInto("projects")
        .values({ organization_id: world.projectId, id: other, name: "other" })
        .execute();
      await storeTraces(world.db, other, [{ name: "theirs", started_at: start }], unpriced);
      expect(await ticks()).toBe(0);
    });
  });

  test("ignores deletions", async () => {
    await withMonitor({}, async (world, _, ticks) => {
      await deleteTrace(world.db, world.projectId, await world.store());
      expect(await ticks()).toBe(0);
    });
  });

  test("does not miss a transaction that began before the tick and commits after it", async () => {
    await withMonitor({}, async (world, _, ticks) => {
      let commit = () => {};
      const waiting = new Promise<void>((resolve) => {
        commit = resolve;
      });
      let stored = () => {};
      const hasStored = new Promise<void>((resolve) => {
        stored = resolve;
      });
      const late = world.db.transaction().execute(async (transaction) => {
        await storeTraces(transaction, world.projectId, [{ name: "late", started_at: start }], unpriced);
        stored();
        await waiting;
      });
      await hasStored;
      // Other transactions commit meanwhile, so that the late one is older than the snapshot of the next tick.
      expect(await ticks()).toBe(0);
      await world.store();
      expect(await ticks()).toBe(1);
      expect(await ticks()).toBe(0);
      commit();
      await late;
      expect(await ticks()).toBe(1);
      expect(await ticks()).toBe(0);
    });
  });

  test("ignores a transaction that is rolled back", async () => {
    await withMonitor({}, async (world, _, ticks) => {
      const failing = world.db.transaction().execute(async (transaction) => {
        await storeTraces(transaction, world.projectId, [{ name: "never", started_at: start }], unpriced);
        throw new Error("rolled back");
      });
      await expect(failing).rejects.toThrow("rolled back");
      expect(await ticks()).toBe(0);
    });
  });

  test("counts a trigger as a run", async () => {
    await withMonitor({}, async (world, monitor, ticks) => {
      await world.store();
      await triggerMonitor(world, world.projectId, monitor.id);
      expect(await ticks()).toBe(0);
    });
  });

  test("runs again after a change of what it evaluates, and after no other change of the monitor", async () => {
    await withMonitor({}, async (world, monitor, ticks) => {
      const change = (fields: object) => updateMonitor(world, world.projectId, monitor.id, fields);
      await change({
        name: "renamed",
        cadence: "cron:0 0 * * *",
        timezone: "Etc/UTC",
        metrics: ["coherence"],
      });
      expect(await ticks()).toBe(0);
      await change({ metrics: ["coherence", "confidence"] });
      expect(await ticks()).toBe(1);
      await change({ filters: { name: "answer" } });
      expect(await ticks()).toBe(1);
      expect(await ticks()).toBe(0);
    });
  });

  test("remembers what it has seen while it runs unconditionally", async () => {
    await withMonitor({ only_if_changed: false }, async (world, monitor, ticks) => {
      expect(await ticks()).toBe(1);
      await updateMonitor(world, world.projectId, monitor.id, { only_if_changed: true });
      expect(await ticks()).toBe(0);
    });
  });

  test("remembers what it has seen after its last run is deleted", async () => {
    await withMonitor({}, async (world, monitor, ticks) => {
      const [run] = await world.runs(monitor);
      await deleteRun(
        world.db,
        traceKind,
        { project_id: world.projectId, id: run?.id ?? "" },
        { deleteScores: true },
      );
      expect(await ticks()).toBe(0);
    });
  });

  test("does not count a tick whose run could not be created", async () => {
    await withMonitor({}, async (world, monitor, ticks) => {
      await world.store();
      await world.db.updateTable("monitors").set({ model: "openai/gpt-5.4" }).execute();
      expect(await ticks()).toBe(0);
      await world.db.updateTable("monitors").set({ model: null }).where("id", "=", monitor.id).execute();
      expect(await ticks()).toBe(1);
      expect(await ticks()).toBe(0);
    });
  });
});

describe("a monitor of sessions", () => {
  const ofSessions = { target_type: "SESSION" as const, metrics: ["agent_reliability"] };

  test("runs when any trace of a matching session was stored or changed", async () => {
    await withMonitor({ ...ofSessions, filters: { user_id: "ann" } }, async (world, _, ticks) => {
      await world.store({ session_id: "s", user_id: "another user" });
      expect(await ticks()).toBe(1);
      await world.store({ session_id: "other", user_id: "bob" });
      await world.store({ user_id: "ann" });
      expect(await ticks()).toBe(0);
      await world.store({ session_id: "other", user_id: "ann" });
      expect(await ticks()).toBe(1);
      expect(await ticks()).toBe(0);
    });
  });

  test("counts all traces of a session for min_trace_count", async () => {
    await withMonitor({ ...ofSessions, filters: { tags: ["a"] } }, async (world, _, ticks) => {
      await world.db.updateTable("monitors").set({ filters: '{"tags":["a"],"min_trace_count":2}' }).execute();
      await world.store({ session_id: "t", tags: ["a"] });
      expect(await ticks()).toBe(0);
      await world.store({ session_id: "t", tags: ["a"] });
      expect(await ticks()).toBe(1);
      await world.store({ session_id: "s", tags: ["a"] });
      expect(await ticks()).toBe(1);
      expect(await ticks()).toBe(0);
    });
  });
});

describe("a dump that was restored into another cluster", () => {
  test("runs once, whatever transaction ids that cluster had, and then only if something has changed", async () => {
    await withMonitor({}, async (world, _, ticks) => {
      // Like a restored dump: transaction ids from a cluster that is far ahead of this one.
      await sql`alter table traces disable trigger traces_note_change`.execute(world.db);
      await sql`update traces set changed_xid = '4000000000000' where project_id = ${world.projectId}`.execute(
        world.db,
      );
      await sql`alter table traces enable trigger traces_note_change`.execute(world.db);
      await sql`update monitors set seen = '4000000000001:4000000000001:'`.execute(world.db);
      expect(await ticks()).toBe(1);
      expect(await ticks()).toBe(0);
      await world.store();
      expect(await ticks()).toBe(1);
      expect(await ticks()).toBe(0);
    });
  });
});

describe("a trace without an ended root", () => {
  const running = { status: "RUNNING" as const, session_id: "t" };
  /** Moves the last change of a trace to just after what the monitor saw as quiet, which is no change itself. */
  const becomeQuiet = (world: Simulation, traceId: string) =>
    world.db.transaction().execute(async (transaction) => {
      await sql`alter table traces disable trigger traces_note_change`.execute(transaction);
      await sql`update traces set updated_at = (select max(seen_quiet) from monitors) + interval '1 microsecond'
        where trace_id = ${traceId}`.execute(transaction);
      await sql`alter table traces enable trigger traces_note_change`.execute(transaction);
    });

  test.each([
    ["TRACE", "coherence"],
    ["SESSION", "agent_consistency"],
  ] as const)("is judged by a monitor of %sS once it ends", async (target_type, metric) => {
    await withMonitor({ target_type, metrics: [metric] }, async (world, monitor, ticks) => {
      const trace_id = await world.store(running);
      expect(await ticks()).toBe(0);
      await world.store({ ...running, trace_id, spans: [{ name: "a step", started_at: start }] });
      expect(await ticks()).toBe(0);
      await world.store({ ...running, trace_id, ended_at: "2026-03-01T09:00:01.000Z" });
      expect(await ticks()).toBe(1);
      expect((await world.runs(monitor))[0]).toMatchObject({
        total_targets: target_type === "TRACE" ? 3 : 2,
      });
      expect(await ticks()).toBe(0);
    });
  });

  test.each([
    ["TRACE", "coherence"],
    ["SESSION", "agent_consistency"],
  ] as const)("is judged by a monitor of %sS once it is quiet, and once", async (target_type, metric) => {
    await withMonitor({ target_type, metrics: [metric] }, async (world, _, ticks) => {
      const trace_id = await world.store(running);
      expect(await ticks()).toBe(0);
      await becomeQuiet(world, trace_id);
      expect(await ticks()).toBe(1);
      expect(await ticks()).toBe(0);
      await world.store({ ...running, trace_id });
      expect(await ticks()).toBe(0);
    });
  });

  test("is left out of a run that others caused, and included in a triggered one", async () => {
    await withMonitor({ only_if_changed: false }, async (world, monitor, ticks) => {
      await world.store(running);
      expect(await ticks()).toBe(1);
      expect((await world.runs(monitor))[0]).toMatchObject({ total_targets: 2 });
      await triggerMonitor(world, world.projectId, monitor.id);
      expect((await world.runs(monitor))[0]).toMatchObject({ total_targets: 3 });
    });
  });

  test("keeps its whole session waiting", async () => {
    await withMonitor({ target_type: "SESSION", metrics: ["agent_consistency"] }, async (world, _, ticks) => {
      await world.store({ session_id: "t" });
      const trace_id = await world.store(running);
      expect(await ticks()).toBe(0);
      await world.store({ trace_id, status: "COMPLETED" });
      expect(await ticks()).toBe(1);
    });
  });
});
