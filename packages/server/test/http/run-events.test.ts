import type { EvalRunResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { type ReceivedEvent, readEvents } from "../support/event-stream.ts";
import { query } from "../support/query.ts";
import { createRun, type RunsPath } from "../support/run-helpers.ts";
import { startTestServer } from "../support/test-server.ts";
import { storeTrace, storeTraces } from "../support/traces.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { unknownId } from "./support/samples.ts";
import { newProject, useHttpServer } from "./support/use-http-server.ts";

/** No worker runs until a test starts one. */
const server = useHttpServer();

const runOf = ({ data }: ReceivedEvent): EvalRunResponse => JSON.parse(data);

/** A run that stays PENDING, and a function that opens its stream. */
async function pendingRun(path: RunsPath = "trace-runs", count = 1) {
  const project = newProject();
  const api = server.current.api.as({ project });
  await storeTraces(
    api,
    Array.from({ length: count }, (_, n) => ({ session_id: `session ${n}` })),
  );
  const metrics = [path === "trace-runs" ? "coherence" : "agent_reliability"];
  const run = await createRun(api, { metrics }, path);
  const url = `/evaluations/${path}/${run.id}`;
  const open = (headers: Record<string, string> = {}, signal?: AbortSignal, at = server.current) =>
    fetch(`${at.url}${url}/events`, {
      headers: { "x-api-key": at.apiKey, "x-project-name": project, ...headers },
      ...(signal && { signal }),
    });
  return { api, run, url, open, events: async () => readEvents(await open()) };
}

async function next(events: AsyncGenerator<ReceivedEvent>): Promise<ReceivedEvent> {
  const { value } = await events.next();
  if (value === undefined) throw new Error("The stream has ended.");
  return value;
}

async function all(events: AsyncGenerator<ReceivedEvent>): Promise<ReceivedEvent[]> {
  const received: ReceivedEvent[] = [];
  for await (const event of events) received.push(event);
  return received;
}

const end = (api: ApiClient, url: string) => api.post(`${url}/cancel`);

describe("the events of a run", () => {
  test.each(["trace-runs", "session-runs"] as const)(
    "of %s start at once and end with the run",
    async (path) => {
      const { api, run, url, events } = await pendingRun(path);
      const stream = await events();
      const first = await next(stream);
      expect([first.event, first.id, runOf(first)]).toEqual(["progress", "PENDING-0-0", run]);
      await end(api, url);
      const [last, ...more] = await all(stream);
      expect(more).toEqual([]);
      expect([last?.event, last?.id]).toEqual(["end", "FAILED-0-0"]);
      expect(last && runOf(last)).toEqual((await api.get(url)).body);
    },
  );

  test("arrive on every change, in order, at most every 250 ms until the end", async () => {
    const { run, events } = await pendingRun("trace-runs", 25);
    const stream = await events();
    const seen = [await next(stream)];
    const worker = await startTestServer({ role: "worker", database: server.current.database });
    try {
      seen.push(...(await all(stream)));
    } finally {
      await worker.close();
    }
    const counts = seen.map((event) => runOf(event).evaluated_count);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(seen.at(-1)).toMatchObject({ event: "end", id: "COMPLETED-25-0" });
    expect(runOf(seen[0] ?? parse())).toEqual(run);
    // The server reads every 250 ms; the network may bring two events closer together. The end does not wait.
    const progress = seen.slice(0, -1);
    expect((progress.at(-1)?.at ?? 0) - (progress[0]?.at ?? 0)).toBeGreaterThanOrEqual(
      240 * (progress.length - 1),
    );
  });

  test("have headers against compression, buffering and caching, and the request's id", async () => {
    const { open } = await pendingRun();
    const hangUp = new AbortController();
    const { status, headers } = await open(
      { "x-request-id": "my-stream", "accept-encoding": "gzip, br" },
      hangUp.signal,
    );
    hangUp.abort();
    expect(status).toBe(200);
    const names = ["content-type", "content-encoding", "cache-control", "x-accel-buffering", "x-request-id"];
    expect(names.map((name) => headers.get(name))).toEqual([
      "text/event-stream",
      null,
      "no-cache",
      "no",
      "my-stream",
    ]);
  });

  test("resume where the client stopped", async () => {
    const { api, url, open } = await pendingRun();
    const stream = readEvents(await open({ "last-event-id": "PENDING-0-0" }));
    expect((await next(stream)).text).toBe("retry: 1000");
    await end(api, url);
    expect((await all(stream)).map(({ id }) => id)).toEqual(["FAILED-0-0"]);
    const texts = async (id: string) =>
      (await all(readEvents(await open({ "last-event-id": id })))).map((event) => event.event);
    expect(await texts("PENDING-0-0")).toEqual(["end"]);
    expect(await texts("FAILED-0-0")).toEqual([""]);
    expect(await texts("?' or 1=1 --")).toEqual(["end"]);
  });

  test("of a run of the other kind are 404, before anything streams", async () => {
    const { api, run } = await pendingRun();
    for (const url of [`trace-runs/${unknownId}`, `session-runs/${run.id}`]) {
      expectProblem(await api.get(`/evaluations/${url}/events`), "not_found");
    }
    expectProblem(await api.get("/evaluations/trace-runs/x/events"), "validation_error");
  });

  test("say that a run was deleted", async () => {
    const { api, run, url, events } = await pendingRun();
    const stream = await events();
    await next(stream);
    await api.delete(url);
    const [last, ...more] = await all(stream);
    expect([last?.event, JSON.parse(last?.data ?? "")]).toEqual(["deleted", { id: run.id }]);
    expect(more).toEqual([]);
  });

  test("need one database connection for any number of clients", async () => {
    const { api, url, events } = await pendingRun();
    const streams = await Promise.all(Array.from({ length: 40 }, events));
    for (const stream of streams) await next(stream);
    const listening = await query(
      server.current.database.url,
      "select pid from pg_stat_activity where datname = current_database() and query like 'listen %'",
    );
    expect(listening).toHaveLength(1);
    await end(api, url);
    for (const stream of streams) expect((await all(stream)).map(({ event }) => event)).toEqual(["end"]);
  });

  test("end when the server stops, so that clients reconnect", async () => {
    const stopping = await startTestServer({ role: "api" });
    await storeTrace(stopping.api);
    const run = await createRun(stopping.api);
    const response = await fetch(`${stopping.url}/evaluations/trace-runs/${run.id}/events`, {
      headers: { "x-api-key": stopping.apiKey, "x-project-name": "test" },
    });
    const stream = readEvents(response);
    await next(stream);
    const since = performance.now();
    await stopping.close();
    expect(performance.now() - since).toBeLessThan(9_000);
    expect(await all(stream)).toEqual([]);
  });
});

function parse(): never {
  throw new Error("There was no event.");
}
