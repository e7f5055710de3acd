import { expect, test } from "vitest";
import { spanBody, storeTraces } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createScore, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);
const march = "started_after=2026-03-01&started_before=2026-04-01";

/** A trace of a session between two times in 2026. */
const turn = (session_id: string | null, start: string, end: string | null) => ({
  session_id,
  started_at: `2026-${start}Z`,
  ended_at: end === null ? null : `2026-${end}Z`,
});

test("statistics count a session in every bucket in which it has a trace, with all its traces", async () => {
  const api = server.project();
  await storeTraces(api, [
    // Began before the period, which counts in its duration.
    turn("early", "02-28T23:00:00", null),
    turn("early", "03-02T00:00:00", null),
    // Continues after the period, which counts in its duration.
    turn("long", "03-02T00:00:00", "03-02T00:00:01"),
    turn("long", "04-02T00:00:00", null),
    turn("short", "03-02T10:00:00", "03-02T10:00:04"),
    turn("short", "03-02T10:00:01", "03-02T10:00:02"),
    turn("short", "03-02T10:00:02", null),
    turn("twice", "03-31T10:00:00", "03-31T11:30:00"),
    turn("twice", "03-31T11:00:00", null),
    turn("analytics", "03-31T23:59:59.999", "03-31T23:59:59.999"),
    turn("late", "04-01T00:00:00", null),
    turn(null, "03-05T00:00:00", null),
  ]);
  const hour = 3_600_000;
  const day = 24 * hour;
  const month = 31 * day;
  const { body } = await api.get(`/sessions/analytics?${march}`);
  expect(body).toEqual([
    {
      bucket: "2026-03-02T00:00:00.000Z",
      session_count: 3,
      avg_traces_per_session: 7 / 3,
      avg_session_duration_ms: (day + hour + month + 4000) / 3,
    },
    {
      bucket: "2026-03-31T00:00:00.000Z",
      session_count: 2,
      avg_traces_per_session: 1.5,
      avg_session_duration_ms: (1.5 * hour) / 2,
    },
  ]);
  const buckets = async (granularity: string) =>
    (await api.get<{ bucket: string }[]>(`/sessions/analytics?${march}&granularity=${granularity}`)).body.map(
      ({ bucket }) => bucket,
    );
  expect(await buckets("hour")).toEqual([
    "2026-03-02T00:00:00.000Z",
    "2026-03-02T10:00:00.000Z",
    "2026-03-31T10:00:00.000Z",
    "2026-03-31T11:00:00.000Z",
    "2026-03-31T23:00:00.000Z",
  ]);
  expect(await buckets("week")).toEqual(["2026-03-02T00:00:00.000Z", "2026-03-30T00:00:00.000Z"]);
});

test("statistics exclude other projects, and are empty without sessions", async () => {
  const [mine, theirs] = [server.project(), server.project()];
  await storeTraces(mine, [turn("s", "03-02T00:00:00", null)]);
  await storeTraces(theirs, [turn("s", "03-02T00:00:00", null), turn("s", "03-01T00:00:00", null)]);
  expect((await mine.get(`/sessions/analytics?${march}`)).body).toMatchObject([
    { bucket: "2026-03-02T00:00:00.000Z", session_count: 1, avg_traces_per_session: 1 },
  ]);
  expect((await server.project().get(`/sessions/analytics?${march}`)).body).toEqual([]);
});

test("a session called analytics is listed, and can be deleted", async () => {
  const api = server.project();
  await storeTraces(api, [{ session_id: "analytics" }]);
  expectProblem(await api.get("/sessions/analytics"), "validation_error");
  expect((await api.get("/sessions?query=analytics")).body).toMatchObject({ total: 1 });
  expect((await api.get("/traces?session_id=analytics")).body).toMatchObject({ total: 1 });
  expect((await api.delete("/sessions/analytics")).body).toEqual({ deleted: 1 });
  expect((await api.get("/sessions")).body).toMatchObject({ total: 0 });
});

test.each(["s", "template", "a/b", "../x", "?x=1#y", "%2F", "会話", "a\0b"])(
  "deleting the session %j leaves nothing of it, and all else",
  async (session_id) => {
    const api = server.project();
    const [a = "", b = "", kept = ""] = await storeTraces(api, [
      { session_id, spans: [spanBody()] },
      { session_id },
      { session_id: `${session_id}!`, spans: [spanBody()] },
    ]);
    for (const id of [a, kept]) await createScore(api, id);
    for (const id of [session_id, `${session_id}!`])
      await database.run(
        `insert into session_scores (project_id, id, session_id, name, data_type, source, status, metadata)
          select project_id, gen_random_uuid(), $2, 'x', 'NUMERIC', 'AUTOMATED', 'SUCCESS', '{}'
          from traces where trace_id = $1`,
        [a, id.replace("\0", "\ufffd")],
      );
    const path = `/sessions/${encodeURIComponent(session_id)}`;
    expect(await api.delete(path)).toMatchObject({ status: 200, body: { deleted: 2 } });
    expect((await api.get("/traces")).body).toMatchObject({ items: [{ trace_id: kept }], total: 1 });
    expect((await api.get("/evaluations/trace-scores")).body).toMatchObject({
      items: [{ trace_id: kept }],
      total: 1,
    });
    expect(await database.run("select 1 from spans where trace_id in ($1, $2)", [a, b])).toEqual([]);
    const left =
      "select session_id from session_scores where project_id = (select project_id from traces where trace_id = $1)";
    expect(await database.run(left, [kept])).toEqual([
      { session_id: `${session_id}!`.replace("\0", "\ufffd") },
    ]);
    expectProblem(await api.delete(path), "not_found");
  },
);

test("a session with only scores left can be deleted too", async () => {
  const api = server.project();
  const [id = ""] = await storeTraces(api, [{ session_id: "s" }]);
  await database.run(
    `insert into session_scores (project_id, id, session_id, name, data_type, source, status, metadata)
      select project_id, gen_random_uuid(), 's', 'x', 'NUMERIC', 'AUTOMATED', 'SUCCESS', '{}' from traces where trace_id = $1`,
    [id],
  );
  await api.delete(`/traces/${id}`);
  expect((await api.delete("/sessions/s")).body).toEqual({ deleted: 0 });
  expectProblem(await api.delete("/sessions/s"), "not_found");
});

test("only existing sessions of the project can be deleted", async () => {
  const api = server.project();
  await storeTraces(api, [{ session_id: "s" }]);
  expectProblem(await api.delete(`/sessions/${unknownId}`), "not_found");
  expectProblem(await server.project().delete("/sessions/s"), "not_found");
  expectProblem(await api.delete(`/sessions/${"x".repeat(256)}`), "validation_error");
  expect((await api.get("/traces")).body).toMatchObject({ total: 1 });
});
