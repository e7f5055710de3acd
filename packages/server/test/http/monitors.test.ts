import type { EvalRunPage, EvalRunResponse, MonitorPage, MonitorResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { createRun } from "../support/run-helpers.ts";
import { storeTrace } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createMonitor, monitorBody, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer({ environment: { RATE_LIMIT_TRIGGERS_PER_MINUTE: "10000" } });
const database = databaseBehind(server);

const monitors = "/evaluations/monitors";
const hour = 3_600_000;

async function trigger(api: ApiClient, { id }: { id: string }): Promise<EvalRunResponse> {
  const { status, body } = await api.post<EvalRunResponse>(`${monitors}/${id}/trigger`);
  expect(status, JSON.stringify(body)).toBe(202);
  return body;
}

async function read(api: ApiClient, { id }: { id: string }): Promise<MonitorResponse> {
  const { status, body } = await api.get<MonitorResponse>(`${monitors}/${id}`);
  expect(status).toBe(200);
  return body;
}

async function patch(api: ApiClient, { id }: { id: string }, fields: object): Promise<MonitorResponse> {
  const { status, body } = await api.patch<MonitorResponse>(`${monitors}/${id}`, fields);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** The hours from one time to another. */
function hoursAfter(earlier: string, later: string | null): number {
  return (Date.parse(later ?? "") - Date.parse(earlier)) / hour;
}

describe("creating a monitor", () => {
  test("fills in the defaults", async () => {
    const monitor = await createMonitor(server.project());
    expect(monitor).toMatchObject({
      name: "nightly",
      target_type: "TRACE",
      metric_names: ["coherence"],
      filters: {},
      sampling_rate: 1,
      model: null,
      cadence: "daily",
      timezone: "UTC",
      only_if_changed: true,
      status: "ACTIVE",
      last_run_at: null,
      last_run_id: null,
      updated_at: monitor.created_at,
    });
    expect(hoursAfter(monitor.created_at, monitor.next_run_at)).toBe(24);
  });

  test("accepts every field as it was sent", async () => {
    const api = server.project();
    const given = {
      name: "käse 🧀",
      filters: { tags: ["production"], date_from: "2026-03-01", user_id: null, name: "100%" },
      sampling_rate: 0.25,
      model: "heuristic/v1",
      cadence: "cron:*/15 8-18 * * mon-FRI",
      timezone: "America/New_York",
      only_if_changed: false,
    };
    const monitor = await createMonitor(api, {
      ...given,
      metrics: ["coherence", "task_completion", "coherence"],
      unknown: "ignored",
    });
    expect(monitor).toMatchObject({ ...given, metric_names: ["coherence", "task_completion"] });
    expect(await read(api, monitor)).toEqual(monitor);
  });

  test.each([
    ["every_6h", 6],
    ["daily", 24],
    ["weekly", 168],
  ])("%s fires %i hours after creation", async (cadence, hours) => {
    const monitor = await createMonitor(server.project(), { cadence, timezone: "Asia/Tokyo" });
    expect(hoursAfter(monitor.created_at, monitor.next_run_at)).toBe(hours);
  });

  test("a pattern fires at its next time, in its time zone", async () => {
    const utc = await createMonitor(server.project(), { cadence: "cron:0 0 * * *" });
    expect(utc.next_run_at).toMatch(/T00:00:00.000Z$/);
    const kolkata = await createMonitor(server.project(), {
      cadence: "cron:0 0 * * *",
      timezone: "Asia/Kolkata",
    });
    expect(kolkata.next_run_at).toMatch(/T18:30:00.000Z$/);
    for (const { created_at, next_run_at } of [utc, kolkata]) {
      expect(hoursAfter(created_at, next_run_at)).toBeGreaterThan(0);
      expect(hoursAfter(created_at, next_run_at)).toBeLessThanOrEqual(24);
    }
  });

  test.each([
    "",
    "hourly",
    "Daily",
    " daily",
    "every_7h",
    "0 0 * * *",
    "cron:",
    "cron:* * * *",
    "cron:* * * * * *",
    "cron:0 0 * * * 2027",
    "cron:@reboot",
    "cron:60 * * * *",
    "cron:* 24 * * *",
    "cron:* * 0 * *",
    "cron:* * 32 * *",
    "cron:* * * 13 *",
    "cron:* * * * 8",
    "cron:* * * * FOO",
    "cron:* * * * MON#1",
    "cron:0 0 L * *",
    "cron:0 0 15W * *",
    "cron:0 0 ? * *",
    "cron:0 0 1 * +MON",
    "cron:*/0 * * * *",
    "cron:*/61 * * * *",
    "cron:5/15 * * * *",
    "cron:20-10 * * * *",
    "cron:-5 * * * *",
    "cron:1.5 * * * *",
    "cron:1,,2 * * * *",
    "cron:0 0 30 2 *",
    "cron:0 0 31 4,6,9,11 *",
    "cron:\u0000 0 * * *",
  ])("refuses the cadence %j", async (cadence) => {
    const answer = await server.project().post(monitors, monitorBody({ cadence }));
    expectProblem(answer, "invalid_cadence", {
      loc: ["body", "cadence"],
      detail: /every_6h, daily, weekly, and cron:/,
    });
  });

  test.each([
    "",
    "Berlin",
    "Europe/Nowhere",
    "+01:00",
    "CET+1",
    "Europe/Berlin ",
    "\u0000",
    "x".repeat(5000),
  ])("refuses the time zone %j", async (timezone) => {
    const answer = await server.project().post(monitors, monitorBody({ timezone }));
    expectProblem(answer, "validation_error", { loc: ["body", "timezone"], detail: /IANA/ });
  });

  test.each([
    [{ metrics: ["coherence", "wisdom"] }, "unknown_metric", /"wisdom"/],
    [{ metrics: ["loop_detection"] }, "unknown_metric", /session run/],
    [{ metrics: ["agent_reliability"] }, "unknown_metric", /agent_reliability/],
    [{ filters: { colour: "red" } }, "invalid_filters", /body\.filters\.colour/],
    [{ filters: { status: "GREEN" } }, "invalid_filters", /body\.filters\.status/],
    [{ filters: { tags: "a" } }, "invalid_filters", /body\.filters\.tags/],
    [{ filters: { date_from: "soon" } }, "invalid_filters", /body\.filters\.date_from/],
    [{ filters: { date_from: "2026-03-02", date_to: "2026-03-01" } }, "invalid_filters", /before date_to/],
    [{ filters: { has_error: true } }, "invalid_filters", /has_error/],
    [{ filters: { signal_weights: { coherence: 1 } } }, "invalid_filters", /signal_weights/],
    [{ model: "acme/model" }, "unknown_model_provider", /acme/],
    [{ model: "anthropic/claude" }, "provider_not_configured", /ANTHROPIC_API_KEY/],
    [{ signal_weights: { coherence: 1 } }, "validation_error", /SESSION/],
  ] as const)("refuses %j as a run of it would be", async (fields, code, detail) => {
    expectProblem(await server.project().post(monitors, monitorBody(fields)), code, { detail });
  });

  test.each([
    [{ name: undefined }, "name"],
    [{ name: 7 }, "name"],
    [{ name: null }, "name"],
    [{ target_type: undefined }, "target_type"],
    [{ target_type: "trace" }, "target_type"],
    [{ target_type: "SPAN" }, "target_type"],
    [{ metrics: undefined }, "metrics"],
    [{ metrics: [] }, "metrics"],
    [{ metrics: "coherence" }, "metrics"],
    [{ filters: [] }, "filters"],
    [{ filters: "all" }, "filters"],
    [{ sampling_rate: 1.1 }, "sampling_rate"],
    [{ sampling_rate: -0.1 }, "sampling_rate"],
    [{ sampling_rate: "1/2" }, "sampling_rate"],
    [{ model: 7 }, "model"],
    [{ cadence: undefined }, "cadence"],
    [{ cadence: null }, "cadence"],
    [{ timezone: 1 }, "timezone"],
    [{ timezone: null }, "timezone"],
    [{ only_if_changed: "yes" }, "only_if_changed"],
  ])("refuses %j", async (fields, field) => {
    const answer = await server.project().post(monitors, monitorBody(fields));
    expectProblem(answer, "validation_error", { loc: ["body", field] });
  });

  test("creates one per Idempotency-Key", async () => {
    const api = server.project();
    const twice = [1, 2].map(() =>
      api.post<MonitorResponse>(monitors, monitorBody(), { "idempotency-key": "once" }),
    );
    const [first, second] = await Promise.all(twice);
    expect(second?.body).toEqual(first?.body);
    expect((await api.get<MonitorPage>(monitors)).body.total).toBe(1);
  });

  test("keeps a name that PostgreSQL would refuse", async () => {
    const monitor = await createMonitor(server.project(), { name: "a\u0000\ud800b" });
    expect(monitor.name).toBe("a\ufffd\ufffdb");
  });
});

describe("listing monitors", () => {
  test("returns a page, newest first, filtered by status", async () => {
    const api = server.project();
    const ids: string[] = [];
    for (const name of ["a", "b", "c"]) ids.unshift((await createMonitor(api, { name })).id);
    const [newest = "", middle = "", oldest = ""] = ids;
    await api.post(`${monitors}/${middle}/pause`);
    const list = async (query: string) => {
      const { body } = await api.get<MonitorPage>(`${monitors}${query}`);
      return { ...body, items: body.items.map(({ id }) => id) };
    };
    expect(await list("")).toEqual({ items: ids, total: 3, limit: 50, offset: 0 });
    expect(await list("?status=ACTIVE")).toEqual({ items: [newest, oldest], total: 2, limit: 50, offset: 0 });
    expect(await list("?status=PAUSED")).toEqual({ items: [middle], total: 1, limit: 50, offset: 0 });
    expect(await list("?limit=1&offset=1")).toEqual({ items: [middle], total: 3, limit: 1, offset: 1 });
    expect(await list("?limit=200&offset=7")).toEqual({ items: [], total: 3, limit: 200, offset: 7 });
  });

  test.each(["status=active", "status=", "limit=0", "limit=201", "limit=x", "offset=-1"])(
    "refuses %s",
    async (query) => {
      expectProblem(await server.project().get(`${monitors}?${query}`), "validation_error");
    },
  );
});

describe("accessing a monitor", () => {
  const reaching = [
    ["GET", ""],
    ["PATCH", ""],
    ["DELETE", ""],
    ["POST", "/pause"],
    ["POST", "/resume"],
    ["POST", "/trigger"],
    ["GET", "/runs"],
  ] as const;

  test.each(reaching)("%s …%s answers 404 for an unknown id", async (method, path) => {
    const body = method === "PATCH" ? {} : undefined;
    expectProblem(await server.project().send(method, `${monitors}/${unknownId}${path}`, body), "not_found");
  });

  test.each(reaching)("%s …%s answers 422 for an invalid id", async (method, path) => {
    const body = method === "PATCH" ? {} : undefined;
    const answer = await server.project().send(method, `${monitors}/mine${path}`, body);
    expectProblem(answer, "validation_error", { loc: ["path", "monitor_id"] });
  });
});

describe("changing a monitor", () => {
  test("changes only the sent fields", async () => {
    const api = server.project();
    const before = await createMonitor(api, {
      filters: { tags: ["a"] },
      model: "heuristic/v1",
      timezone: "Asia/Tokyo",
    });
    const changes = {
      name: "renamed",
      metrics: ["task_completion", "task_completion"],
      filters: { status: "ERROR" },
      sampling_rate: 0,
      only_if_changed: false,
    };
    const { metrics: _, ...echoed } = changes;
    const after = await patch(api, before, { ...changes, target_type: "SESSION", status: "PAUSED", id: "x" });
    expect(after).toEqual({
      ...before,
      ...echoed,
      metric_names: ["task_completion"],
      updated_at: after.updated_at,
    });
    expect(after.updated_at > before.updated_at).toBe(true);
    expect(await read(api, before)).toEqual(after);
  });

  test("treats null as not sent, except for the model, which it clears", async () => {
    const api = server.project();
    const before = await createMonitor(api, { model: "heuristic/v1", filters: { tags: ["a"] } });
    const nothing = {
      name: null,
      metrics: null,
      filters: null,
      sampling_rate: null,
      cadence: null,
      timezone: null,
      only_if_changed: null,
      signal_weights: null,
    };
    const same = await patch(api, before, nothing);
    expect(same).toEqual({ ...before, updated_at: same.updated_at });
    expect(await patch(api, before, {})).toMatchObject({ model: "heuristic/v1", filters: { tags: ["a"] } });
    expect(await patch(api, before, { model: null, filters: {} })).toMatchObject({
      model: null,
      filters: {},
    });
  });

  test("counts a new period from the creation too", async () => {
    const api = server.project();
    const before = await createMonitor(api, { cadence: "weekly" });
    const after = await patch(api, before, { cadence: "every_6h" });
    expect(hoursAfter(before.created_at, after.next_run_at)).toBe(6);
  });

  test("a new cadence or time zone reschedules the next tick; other changes do not", async () => {
    const api = server.project();
    const before = await createMonitor(api, { cadence: "cron:0 12 * * *" });
    const elsewhere = await patch(api, before, { timezone: "Asia/Tokyo" });
    expect(elsewhere).toMatchObject({ timezone: "Asia/Tokyo", cadence: before.cadence });
    expect(elsewhere.next_run_at).toMatch(/T03:00:00.000Z$/);
    await database.run("update monitors set next_run_at = '2000-01-01' where id = $1", [before.id]);
    const renamed = await patch(api, before, {
      name: "b",
      cadence: "cron:0 12 * * *",
      timezone: "Asia/Tokyo",
    });
    expect(renamed.next_run_at).toBe("2000-01-01T00:00:00.000Z");
    expect((await patch(api, before, { cadence: "cron:0 13 * * *" })).next_run_at).toMatch(/T04:00/);
  });

  test("leaves a paused monitor paused", async () => {
    const api = server.project();
    const { id } = await createMonitor(api);
    await api.post(`${monitors}/${id}/pause`);
    expect(await patch(api, { id }, { cadence: "weekly", timezone: "Asia/Tokyo" })).toMatchObject({
      status: "PAUSED",
      next_run_at: null,
      cadence: "weekly",
    });
  });

  test.each([
    [{ cadence: "hourly" }, "invalid_cadence"],
    [{ timezone: "Berlin" }, "validation_error"],
    [{ metrics: ["wisdom"] }, "unknown_metric"],
    [{ metrics: [] }, "validation_error"],
    [{ filters: { has_error: true } }, "invalid_filters"],
    [{ filters: 7 }, "validation_error"],
    [{ sampling_rate: 2 }, "validation_error"],
    [{ model: "acme/model" }, "unknown_model_provider"],
    [{ model: "openai/gpt-5.4" }, "provider_not_configured"],
    [{ signal_weights: { coherence: 1 } }, "validation_error"],
    [{ name: "b", cadence: "cron:0 0 30 2 *" }, "invalid_cadence"],
    [{ name: 7 }, "validation_error"],
  ] as const)("refuses %j, and changes nothing", async (fields, code) => {
    const api = server.project();
    const before = await createMonitor(api);
    expectProblem(await api.patch(`${monitors}/${before.id}`, fields), code);
    expect(await read(api, before)).toEqual(before);
  });

  test("refuses a body that is not an object", async () => {
    const api = server.project();
    const { id } = await createMonitor(api);
    expectProblem(await api.patch(`${monitors}/${id}`, []), "validation_error");
    expectProblem(await api.send("PATCH", `${monitors}/${id}`), "validation_error");
  });
});

describe("pausing and resuming", () => {
  test("clears the next tick and sets it again, and is idempotent", async () => {
    const api = server.project();
    const before = await createMonitor(api, { cadence: "every_6h" });
    const post = async (action: string) => {
      const { status, body } = await api.post<MonitorResponse>(`${monitors}/${before.id}/${action}`);
      expect(status).toBe(200);
      return body;
    };
    const paused = await post("pause");
    expect(paused).toEqual({ ...before, status: "PAUSED", next_run_at: null, updated_at: paused.updated_at });
    expect(await post("pause")).toEqual(paused);
    const resumed = await post("resume");
    expect(resumed).toEqual({ ...before, updated_at: resumed.updated_at });
    expect(await post("resume")).toEqual(resumed);
  });

  test("keeps ticks in step with the creation, however long the pause", async () => {
    const api = server.project();
    const { id } = await createMonitor(api, { cadence: "every_6h" });
    await api.post(`${monitors}/${id}/pause`);
    await database.run("update monitors set created_at = created_at - interval '100 hours' where id = $1", [
      id,
    ]);
    const { body } = await api.post<MonitorResponse>(`${monitors}/${id}/resume`);
    expect(hoursAfter(body.created_at, body.next_run_at)).toBe(102);
  });
});

describe("triggering a monitor", () => {
  test("creates a run", async () => {
    const api = server.project();
    await storeTrace(api, { tags: ["a"] });
    await storeTrace(api, { tags: ["b"] });
    const monitor = await createMonitor(api, {
      filters: { tags: ["a"] },
      metrics: ["coherence", "confidence"],
    });
    const run = await trigger(api, monitor);
    expect(run).toMatchObject({
      name: "[Monitor] nightly",
      monitor_id: monitor.id,
      target_type: "TRACE",
      status: "PENDING",
      metric_names: ["coherence", "confidence"],
      filters: { tags: ["a"] },
      sampling_rate: 1,
      model: "heuristic/v1",
      total_traces: 1,
    });
    expect((await api.get(`/evaluations/trace-runs/${run.id}`)).body).toEqual(run);
    const after = await read(api, monitor);
    expect(after).toEqual({ ...monitor, last_run_id: run.id, last_run_at: after.last_run_at });
    expect(hoursAfter(monitor.created_at, after.last_run_at)).toBeGreaterThan(0);
  });

  test("creates runs with the monitor's budget", async () => {
    const api = server.project();
    await storeTrace(api);
    const monitor = await createMonitor(api, { max_cost_usd: 2.5 });
    expect(monitor.max_cost_usd).toBe(2.5);
    expect((await trigger(api, monitor)).max_cost_usd).toBe(2.5);
    expect((await patch(api, monitor, { name: "renamed" })).max_cost_usd).toBe(2.5);
    expect((await patch(api, monitor, { max_cost_usd: 0 })).max_cost_usd).toBe(0);
    expect((await trigger(api, monitor)).max_cost_usd).toBe(0);
    expect((await patch(api, monitor, { max_cost_usd: null })).max_cost_usd).toBeNull();
    expect((await trigger(api, monitor)).max_cost_usd).toBeNull();
    const refused = await api.patch(`${monitors}/${monitor.id}`, { max_cost_usd: -1 });
    expectProblem(refused, "validation_error");
  });

  test("works without changes, and while it is paused", async () => {
    const api = server.project();
    await storeTrace(api);
    const monitor = await createMonitor(api);
    await trigger(api, monitor);
    await trigger(api, monitor);
    await api.post(`${monitors}/${monitor.id}/pause`);
    const run = await trigger(api, monitor);
    expect(await read(api, monitor)).toMatchObject({
      status: "PAUSED",
      next_run_at: null,
      last_run_id: run.id,
    });
  });

  test("is refused if nothing matches, and records no run", async () => {
    const api = server.project();
    await storeTrace(api);
    const monitor = await createMonitor(api, { filters: { tags: ["none has it"] } });
    expectProblem(await api.post(`${monitors}/${monitor.id}/trigger`), "nothing_matches");
    expect(await read(api, monitor)).toEqual(monitor);
    expect((await api.get<EvalRunPage>(`${monitors}/${monitor.id}/runs`)).body.total).toBe(0);
  });

  test("is refused if the judge is no longer configured", async () => {
    const api = server.project();
    await storeTrace(api);
    const { id } = await createMonitor(api);
    await database.run("update monitors set model = 'openai/gpt-5.4' where id = $1", [id]);
    expectProblem(await api.post(`${monitors}/${id}/trigger`), "provider_not_configured");
  });

  test("selects nothing at a rate of 0", async () => {
    const api = server.project();
    await storeTrace(api);
    const run = await trigger(api, await createMonitor(api, { sampling_rate: 0 }));
    expect(run).toMatchObject({ status: "COMPLETED", total_traces: 0 });
  });

  test("creates one run per Idempotency-Key", async () => {
    const api = server.project();
    await storeTrace(api);
    const { id } = await createMonitor(api);
    const again = () =>
      api.post<EvalRunResponse>(`${monitors}/${id}/trigger`, undefined, { "idempotency-key": "t" });
    const first = await again();
    expect((await again()).body.id).toBe(first.body.id);
    expect((await api.get<EvalRunPage>(`${monitors}/${id}/runs`)).body.total).toBe(1);
  });
});

describe("the runs of a monitor", () => {
  test("are listed as a page, newest first, without those of others", async () => {
    const api = server.project();
    await storeTrace(api);
    const monitor = await createMonitor(api);
    const other = await createMonitor(api);
    await createRun(api);
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.unshift((await trigger(api, monitor)).id);
    await trigger(api, other);
    const list = async (query: string) => {
      const { body } = await api.get<EvalRunPage>(`${monitors}/${monitor.id}/runs${query}`);
      return { ...body, items: body.items.map(({ id }) => id) };
    };
    expect(await list("")).toEqual({ items: ids, total: 3, limit: 50, offset: 0 });
    expect(await list("?limit=1&offset=1")).toEqual({ items: [ids[1]], total: 3, limit: 1, offset: 1 });
    for (const query of ["limit=0", "limit=201", "offset=x"]) {
      expectProblem(await api.get(`${monitors}/${monitor.id}/runs?${query}`), "validation_error");
    }
  });

  test("stay when it is deleted", async () => {
    const api = server.project();
    await storeTrace(api);
    const monitor = await createMonitor(api);
    const run = await trigger(api, monitor);
    expect((await api.delete(`${monitors}/${monitor.id}`)).status).toBe(204);
    expectProblem(await api.get(`${monitors}/${monitor.id}`), "not_found");
    expectProblem(await api.delete(`${monitors}/${monitor.id}`), "not_found");
    expect((await api.get(`/evaluations/trace-runs/${run.id}`)).body).toEqual({ ...run, monitor_id: null });
  });

  test("may be deleted; the monitor then has no last run, but still its time", async () => {
    const api = server.project();
    await storeTrace(api);
    const monitor = await createMonitor(api);
    const run = await trigger(api, monitor);
    const before = await read(api, monitor);
    expect((await api.delete(`/evaluations/trace-runs/${run.id}`)).status).toBe(204);
    expect(await read(api, monitor)).toEqual({ ...before, last_run_id: null });
  });

  test("are deleted with their project", async () => {
    const api = server.project();
    await storeTrace(api);
    const monitor = await createMonitor(api);
    await trigger(api, monitor);
    await database.run("delete from projects where id = $1", [monitor.project_id]);
    expect(await database.run("select from monitors where project_id = $1", [monitor.project_id])).toEqual(
      [],
    );
    expect(await database.run("select from eval_runs where project_id = $1", [monitor.project_id])).toEqual(
      [],
    );
  });
});

describe("a monitor of sessions", () => {
  const weights = { confidence: 2, tool_correctness: 0 };
  const ofSessions = { target_type: "SESSION", metrics: ["agent_reliability", "agent_consistency"] };

  test("keeps its signal weights among the filters", async () => {
    const api = server.project();
    const filters = {
      user_id: "u",
      tags: ["a"],
      has_error: false,
      min_trace_count: 2,
      date_to: "2027-01-01",
    };
    const monitor = await createMonitor(api, { ...ofSessions, filters, signal_weights: weights });
    expect(monitor).toMatchObject({
      target_type: "SESSION",
      metric_names: ["agent_reliability", "agent_consistency"],
      filters: { ...filters, signal_weights: weights },
    });
    expect(await patch(api, monitor, { filters: { tags: ["b"] } })).toMatchObject({
      filters: { tags: ["b"], signal_weights: weights },
    });
    expect((await patch(api, monitor, { signal_weights: null })).filters).toEqual({ tags: ["b"] });
    expect((await patch(api, monitor, { signal_weights: { coherence: 3 } })).filters).toEqual({
      tags: ["b"],
      signal_weights: { coherence: 3 },
    });
  });

  test("accepts the filters that it returns", async () => {
    const api = server.project();
    const monitor = await createMonitor(api, {
      ...ofSessions,
      filters: { tags: ["a"] },
      signal_weights: weights,
    });
    const { updated_at: _, ...same } = monitor;
    expect(await patch(api, monitor, { filters: monitor.filters })).toMatchObject(same);
    const filters = { ...monitor.filters, tags: ["b"] };
    expect((await patch(api, monitor, { filters })).filters).toEqual({
      tags: ["b"],
      signal_weights: weights,
    });
    expect((await patch(api, monitor, { filters, signal_weights: null })).filters).toEqual({ tags: ["b"] });
  });

  test("creates runs over sessions", async () => {
    const api = server.project();
    for (const session_id of ["one", "one", "two"]) await storeTrace(api, { session_id });
    const monitor = await createMonitor(api, {
      ...ofSessions,
      filters: { min_trace_count: 2 },
      signal_weights: weights,
    });
    const run = await trigger(api, monitor);
    expect(run).toMatchObject({
      name: "[Monitor] nightly",
      target_type: "SESSION",
      monitor_id: monitor.id,
      total_traces: 1,
      filters: { min_trace_count: 2, signal_weights: weights },
    });
    expect((await api.get(`/evaluations/session-runs/${run.id}`)).body).toEqual(run);
    expect((await api.get<EvalRunPage>(`${monitors}/${monitor.id}/runs`)).body.items).toEqual([run]);
  });

  test.each([
    [{ metrics: ["coherence"] }, "unknown_metric"],
    [{ filters: { session_id: "s" } }, "invalid_filters"],
    [{ filters: { min_trace_count: 0 } }, "invalid_filters"],
    [{ filters: { signal_weights: weights } }, "invalid_filters"],
    [{ signal_weights: { wisdom: 1 } }, "invalid_signal_weights"],
    [{ signal_weights: { coherence: -1 } }, "invalid_signal_weights"],
    [{ signal_weights: { coherence: "high" } }, "invalid_signal_weights"],
    [{ signal_weights: [] }, "invalid_signal_weights"],
  ] as const)("refuses %j, on creation and on change", async (fields, code) => {
    const api = server.project();
    expectProblem(await api.post(monitors, monitorBody({ ...ofSessions, ...fields })), code);
    const before = await createMonitor(api, ofSessions);
    expectProblem(await api.patch(`${monitors}/${before.id}`, fields), code);
    expect(await read(api, before)).toEqual(before);
  });
});
