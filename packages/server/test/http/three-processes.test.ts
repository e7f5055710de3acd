/** @module-tag slow */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateApiKey } from "../../src/features/projects/api-keys.ts";
import { type Answer, ApiClient } from "../support/api-client.ts";
import { type SpawnedServer, spawnServer } from "../support/spawn-server.ts";
import { createTestDatabase, type TestDatabase } from "../support/test-database.ts";
import { startTestServer } from "../support/test-server.ts";
import { storeTrace, storeTraces, traceBody } from "../support/traces.ts";
import { addKey } from "./support/add-key.ts";
import { limitHeaders } from "./support/limit-headers.ts";
import { createQueue, TestQueue } from "./support/reviews.ts";
import { createScore } from "./support/samples.ts";
import { newProject } from "./support/use-http-server.ts";

const limits = { requests: 60, runs: 7 };
let database: TestDatabase;
let servers: readonly Pick<SpawnedServer, "url">[];
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const environment = {
    DATABASE_URL: database.url,
    PANDAPROBE_API_KEY: generateApiKey(),
    RATE_LIMIT_REQUESTS_PER_MINUTE: String(limits.requests),
    RATE_LIMIT_RUNS_PER_MINUTE: String(limits.runs),
  };
  const others = [1, 2].map(async () => {
    const server = await spawnServer(environment, ["--role", "api"]);
    ends.push(() => server.end("SIGTERM"));
    return server;
  });
  const own = await startTestServer({ database, environment, role: "api" });
  ends.push(() => own.close());
  servers = [own, ...(await Promise.all(others))];
}, 60_000);
afterAll(async () => {
  await Promise.all(ends.map((end) => end()));
  await database.drop();
});

/** One new key, as a client of each process. */
async function newcomer(): Promise<ApiClient[]> {
  const [apiKey, project] = [await addKey(database.url), newProject()];
  return servers.map(({ url }) => new ApiClient({ url, apiKey, project }));
}

/** Sends this many requests at once, spread over the processes. */
function askAll(
  clients: readonly ApiClient[],
  times: number,
  ask: (api: ApiClient) => Promise<Answer<unknown>>,
): Promise<Answer<unknown>[]> {
  return Promise.all(clients.flatMap((api) => Array.from({ length: times }, () => ask(api))));
}

/** The remaining requests in each answer: every number once. */
function placesLeft(answers: readonly Answer<unknown>[]): (number | null | undefined)[] {
  return answers
    .filter(({ status }) => status < 400)
    .map((answer) => limitHeaders(answer)[1])
    .sort((a, b) => Number(a) - Number(b));
}

const all = (limit: number) => Array.from({ length: limit }, (_, left) => left);

describe("three processes", () => {
  test("enforce one limit of all requests exactly", async () => {
    const clients = await newcomer();
    const answers = await askAll(clients, limits.requests, (api) => api.get("/traces"));
    expect(placesLeft(answers)).toEqual(all(limits.requests));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2 * limits.requests);
  });

  test("give each slot of a review queue to one reviewer", async () => {
    const clients = await newcomer();
    const [first] = clients;
    if (first === undefined) throw new Error("There are three processes.");
    await storeTraces(first, 4);
    const { created } = await createQueue(first, { reviewers_per_item: 2 });
    const claims = await Promise.all(
      clients.flatMap((api, n) =>
        Array.from({ length: 4 }, (_, i) => new TestQueue(api, created).claim(`reviewer ${n} ${i}`)),
      ),
    );
    const items = claims.flatMap(({ item }) => item?.id ?? []);
    expect([...Map.groupBy(items, (id) => id).values()].map((its) => its.length)).toEqual([2, 2, 2, 2]);
  });

  test("enforce one limit of new runs exactly", async () => {
    const clients = await newcomer();
    await Promise.all(clients.slice(0, 1).map((api) => storeTrace(api)));
    const answers = await askAll(clients, 2 * limits.runs, (api) =>
      api.post("/evaluations/trace-runs", { metrics: ["coherence"] }),
    );
    expect(placesLeft(answers)).toEqual(all(limits.runs));
    const made = await Promise.all(
      clients.map(async (api) => (await api.get<{ total: number }>("/evaluations/trace-runs")).body.total),
    );
    expect(made).toEqual([limits.runs, limits.runs, limits.runs]);
  });

  test("execute requests with one Idempotency-Key once, with the same answer", async () => {
    const clients = await newcomer();
    const body = traceBody();
    const answers = await askAll(clients, 4, (api) => api.post("/traces", body, { "idempotency-key": "k" }));
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(202));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    const replays = answers.filter(({ headers }) => headers.get("idempotency-replayed") === "true");
    expect(replays).toHaveLength(11);
    for (const api of clients) expect((await api.get<{ total: number }>("/traces")).body.total).toBe(1);
  });

  test("keep every revision of a score that all of them change", async () => {
    const clients = await newcomer();
    const [first] = clients;
    if (first === undefined) throw new Error("No server.");
    const { id } = await createScore(first, await storeTrace(first));
    const path = `/evaluations/trace-scores/${id}`;
    await askAll(clients, 6, (api) => api.patch(path, { value: "0.5" }));
    const { body } = await first.get<{ revision: number; value: string }[]>(`${path}/revisions`);
    expect(body.map(({ revision }) => revision)).toEqual(all(18).map((n) => n + 1));
    expect(body.map(({ value }) => value)).toEqual(["0.9", ...Array(17).fill("0.5")]);
  });
});
