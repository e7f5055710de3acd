/** @module-tag slow */
import { connect } from "node:net";
import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { ApiClient } from "../support/api-client.ts";
import { lockTable } from "../support/lock-table.ts";
import { storeTrace } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";
import { addKey } from "./support/add-key.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { newProject, useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer({ environment: { CONCURRENT_REQUESTS_PER_KEY: "3" } });
const wide = useHttpServer({ environment: { DATABASE_POOL_SIZE: "8" } });

async function clientOf({ current }: typeof server): Promise<{ api: ApiClient; apiKey: string }> {
  const apiKey = await addKey(current.database.url);
  return { apiKey, api: new ApiClient({ url: current.url, apiKey, project: newProject() }) };
}

/** Starts a request whose body does not end before the test does. */
function beginRequest(apiKey: string): () => void {
  const { hostname, port } = new URL(server.current.url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on("error", () => undefined);
  socket.write(
    `POST /traces HTTP/1.1\r\nhost: a\r\nx-api-key: ${apiKey}\r\nx-project-name: p\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
  );
  const end = () => {
    socket.destroy();
  };
  onTestFinished(end);
  return end;
}

describe("a key with the most requests that it may have at once", () => {
  test("waits for one of them to end, and then continues", async () => {
    const { api, apiKey } = await clientOf(server);
    const [end] = [beginRequest(apiKey), beginRequest(apiKey), beginRequest(apiKey)];
    let isAnswered = false;
    await waitUntil(async () => {
      // Until all three have arrived, requests are answered at once.
      const answer = api.get("/traces").then(({ status }) => {
        isAnswered = true;
        return status;
      });
      isAnswered = false;
      await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 300))]);
      return !isAnswered;
    });
    const other = await clientOf(server);
    expect((await other.api.get("/traces")).status).toBe(200);
    expect(isAnswered).toBe(false);
    end?.();
    await waitUntil(async () => isAnswered);
  });

  test("is refused after five seconds, with Retry-After", async () => {
    const { api, apiKey } = await clientOf(server);
    for (let n = 0; n < 3; n += 1) beginRequest(apiKey);
    let refused: Awaited<ReturnType<ApiClient["get"]>> | undefined;
    await waitUntil(async () => {
      const answer = await api.get("/traces");
      if (answer.status !== 200) refused = answer;
      return refused !== undefined;
    });
    if (refused === undefined) throw new Error("It was not refused.");
    expectProblem(refused, "rate_limited");
    expect(refused.headers.get("retry-after")).toBe("1");
  });
});

test("requests whose clients left before their key was checked hold nothing", async () => {
  const { api, apiKey } = await clientOf(server);
  const { url } = server.current;
  const unlock = await lockTable(server.current.database.url, "api_keys", "access exclusive");
  onTestFinished(unlock);
  const ends = [beginRequest(apiKey), beginRequest(apiKey), beginRequest(apiKey)];
  const database = new pg.Client({ connectionString: server.current.database.url });
  await database.connect();
  onTestFinished(() => database.end());
  await waitUntil(async () => {
    const { rows } = await database.query("select from pg_locks where not granted");
    return rows.length >= ends.length;
  });
  for (const end of ends) end();
  // Once it has sent a second answer, the server has noticed that the earlier connections are closed.
  for (let n = 0; n < 2; n += 1) await fetch(`${url}/health`);
  await unlock();
  expect((await api.get("/traces")).status).toBe(200);
});

test.each([{}, { "idempotency-key": "x" }])(
  "requests of one key that hang in the database leave connections to others (%j)",
  async (headers) => {
    const { api } = await clientOf(wide);
    await storeTrace(api);
    const unlock = await lockTable(wide.current.database.url, "spans", "access exclusive");
    onTestFinished(unlock);
    const estimates = Array.from({ length: 40 }, (_, n) =>
      api.post(
        "/evaluations/trace-runs/estimate",
        { metrics: ["coherence"] },
        "idempotency-key" in headers ? { "idempotency-key": `${n}` } : {},
      ),
    );
    const reads = Array.from({ length: 10 }, () => api.get("/traces"));
    const other = await clientOf(wide);
    for (let n = 0; n < 5; n += 1) {
      const before = performance.now();
      expect((await other.api.get("/evaluations/trace-scores")).status).toBe(200);
      expect(performance.now() - before).toBeLessThan(3000);
    }
    await unlock();
    const statuses = (await Promise.all([...estimates, ...reads])).map(({ status }) => status);
    // Requests that waited too long were refused.
    expect(statuses.every((status) => status === 200 || status === 429)).toBe(true);
  },
);
