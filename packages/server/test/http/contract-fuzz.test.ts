/**
 * @module-tag slow
 * @module-tag nightly
 */
import type { EvalRunPage, Problem } from "@pandaprobe/contract";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isNightly } from "../support/nightly.ts";
import { startTestServer } from "../support/test-server.ts";
import { waitUntil } from "../support/wait-until.ts";
import { mayAnswer } from "./fuzz/expected-codes.ts";
import { curlText, requestOf } from "./fuzz/fuzz-request.ts";
import { KnownThings } from "./fuzz/known-things.ts";
import { projectNames, type Recipe, recipeFor } from "./fuzz/recipe.ts";
import { operations as everything, type Operation } from "./support/operations.ts";
import { requestBytes, sendBytes } from "./support/raw-http.ts";
import { unknownId } from "./support/samples.ts";

/** Without administration, which would revoke the key in use; `hostile-shapes` covers it in an organization of its own. */
const operations = everything.filter(({ metadata }) => metadata.tag !== "Administration");

/** The same requests every time, unless another seed is given. Which ids are known depends on timing. */
const seed = Number(process.env["FUZZ_SEED"] ?? 20_260_301);
const requests = Number(process.env["FUZZ_REQUESTS"] ?? (isNightly ? 20_000 : 1_500));
/** How many requests are in flight at a time. */
const lanes = 8;

let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.close());

const known = projectNames.map(() => {
  const things = new KnownThings();
  // A project chooses the names of its metrics, so some are known before they exist.
  for (const name of ["polite", "fast"]) things.learn({ built_in: false, name });
  return things;
});
const tried = new Map<string, Map<number, number>>();

/**
 * Operations without authentication have no state, so a few requests cover them. Creating operations come
 * before deleting ones.
 */
const weights: Readonly<Record<string, number>> = { POST: 7, DELETE: 3 };
const all = operations.map((operation) => ({
  weight: operation.metadata.scope !== null ? (weights[operation.method] ?? 5) : 1,
  arbitrary: recipeFor(operation),
}));
const storm = fc.oneof(...all);
const lasting = all.filter((_, index) => operations[index]?.method !== "DELETE");

async function send(recipe: Recipe): Promise<void> {
  const { operation } = recipe;
  const things = known[recipe.project] ?? new KnownThings();
  const project = projectNames[recipe.project] ?? "one";
  const request = requestOf(recipe, things);
  try {
    const { method, url, body, headers, verdict } = request;
    const answer = await server.api.as({ project }).sendRaw(method, url, body, headers);
    count(operation, answer.status);
    if (answer.status < 300) things.learn(answer.body);
    expect(answer.status).toBeLessThan(500);
    if (verdict === "refused") expect(answer.status, "the contract refuses it").toBeGreaterThanOrEqual(400);
    if (verdict === "taken" && answer.status >= 400) {
      const problem = answer.body as Problem;
      expect(mayAnswer(operation, problem), `the contract takes it: ${problem.detail}`).toBe(true);
    }
  } catch (error) {
    const curl = curlText(request, { url: server.url, apiKey: server.apiKey, project });
    throw new Error(`${operation.id}: ${error instanceof Error ? error.message : error}\n\n${curl}\n`, {
      cause: error,
    });
  }
}

function count({ id }: Operation, status: number): void {
  const statuses = tried.get(id) ?? new Map<number, number>();
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
  tried.set(id, statuses);
}

test(`${requests} generated requests are answered as the contract says`, { timeout: 1_800_000 }, async () => {
  const property = fc.asyncProperty(storm, send);
  const ended = await Promise.allSettled(
    Array.from({ length: lanes }, (_, lane) =>
      fc.assert(property, { seed: seed + lane, numRuns: Math.ceil(requests / lanes) }),
    ),
  );
  const failed = ended.find((lane) => lane.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  await tryRareOnes();
});

/**
 * Some operations rarely succeed, because they need what few requests make: half of some more requests are theirs,
 * and what exists is not deleted. Three successes leave something for what comes next, such as a score to change.
 */
async function tryRareOnes(): Promise<void> {
  const weight = lasting.reduce((sum, each) => sum + each.weight, 0);
  for (let round = 0; round < 300; round += 1) {
    const rare = operations.filter(
      ({ id, metadata }) =>
        answers(id, isSuccess) < 3 || (metadata.scope !== null && answers(id, isFailure) < 1),
    );
    if (rare.length === 0) return;
    const more = rare.map((operation) => ({
      weight: Math.ceil(weight / rare.length),
      arbitrary: recipeFor(operation),
    }));
    const property = fc.asyncProperty(fc.oneof(...lasting, ...more), send);
    await fc.assert(property, { seed: seed + lanes + round, numRuns: 100 });
  }
}

const isSuccess = (status: number) => status < 300;
const isFailure = (status: number) => status >= 400;

function answers(id: string, counts: (status: number) => boolean): number {
  return [...(tried.get(id) ?? [])].reduce((sum, [status, times]) => sum + (counts(status) ? times : 0), 0);
}

const readers = operations.filter(({ method }) => method === "GET");

test.each(readers)("a body is nothing to $id", async ({ path }) => {
  const url = path.replace(/:\w+/g, unknownId);
  const headers = { "X-API-Key": server.apiKey, "X-Project-Name": "one", "Content-Type": "application/json" };
  const ask = async (body: string) => {
    const length = { "Content-Length": String(body.length) };
    const [answer] = await sendBytes(
      server.url,
      requestBytes(`GET ${url} HTTP/1.1`, { ...headers, ...length }, body),
    );
    return answer?.status;
  };
  expect(await ask('{"limit": ')).toBe(await ask(""));
});

describe("the storm", () => {
  test.each(operations)("has called $id, with success and with failure", ({ id, metadata }) => {
    const statuses = JSON.stringify([...(tried.get(id) ?? [])]);
    const share = requests / operations.length;
    expect(answers(id, () => true)).toBeGreaterThan(metadata.scope !== null ? share / 4 : share / 15);
    expect(answers(id, isSuccess), statuses).toBeGreaterThan(0);
    if (metadata.scope !== null) expect(answers(id, isFailure), statuses).toBeGreaterThan(0);
  });
});

describe("after the storm", () => {
  test.each(["/health", "/ready"])("%s is well", async (path) => {
    expect((await server.api.get(path)).status).toBe(200);
  });

  const lists = operations
    .filter(({ method, path }) => method === "GET" && /-runs$/.test(path))
    .map(({ path }) => path);

  test.each(lists)("every run of %s ends, with counts that agree", { timeout: 180_000 }, async (path) => {
    for (const project of projectNames) {
      const api = server.api.as({ project });
      const under = async (status: string) =>
        (await api.get<EvalRunPage>(`${path}?status=${status}&limit=200`)).body;
      await waitUntil(
        async () => (await under("PENDING")).total + (await under("RUNNING")).total === 0,
        120_000,
      );
      const [completed, failed, all] = [
        await under("COMPLETED"),
        await under("FAILED"),
        (await api.get<EvalRunPage>(`${path}?limit=200`)).body,
      ];
      expect(completed.total + failed.total).toBe(all.total);
      for (const run of completed.items) {
        expect(run.evaluated_count).toBe(run.total_traces);
        expect(run.failed_count).toBeLessThanOrEqual(run.total_traces * run.metric_names.length);
        expect(run.completed_at).not.toBeNull();
      }
    }
  });
});
