/** @module-tag slow */
import type { EvalRunResponse, TraceScoreResponse } from "@pandaprobe/contract";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import type { Answer } from "../support/api-client.ts";
import { startLlmServer } from "../support/llm-server.ts";
import type { DocumentedEndpoint } from "./documentation/documented-endpoint.ts";
import { expectSameShape } from "./documentation/expect-same-shape.ts";
import { operationAt, page } from "./documentation/page.ts";
import { itemsOf, makeSampleProject, type SampleProject } from "./documentation/sample-project.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { queryText } from "./support/query-text.ts";
import { unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

// The page uses a model of OpenAI, which this server stands in for.
const llm = await startLlmServer();
afterAll(() => llm.stop());
const server = useHttpServer({ role: "all", environment: { OPENAI_BASE_URL: llm.baseUrl } });
const database = databaseBehind(server);
const limit = 5;
const limited = useHttpServer({ environment: { RATE_LIMIT_RUNS_PER_MINUTE: String(limit) } });

let sample: SampleProject;
beforeAll(async () => {
  sample = await makeSampleProject(server.project(), database.run);
}, 60_000);

test("the contract has every endpoint of the page", () => {
  expect(page.filter(({ endpoint }) => operationAt(endpoint) === undefined)).toEqual([]);
});

type Ids = Readonly<Record<string, string>>;

function methodAndUrl({ endpoint }: DocumentedEndpoint, ids: Ids, query = ""): [string, string] {
  const [method = "", path = ""] = endpoint.split(" ");
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? ""));
  return [method, query === "" ? filled : `${filled}?${query}`];
}

/** Sends the page's example, or another body and query. */
async function ask(
  row: DocumentedEndpoint,
  { body, query = row.query }: { body?: unknown; query?: string | undefined } = {},
): Promise<Answer<unknown>> {
  const [method, url] = methodAndUrl(row, await sample.idsFor(row.endpoint), query);
  return sample.api.send(method, url, body ?? (row.body === undefined ? undefined : JSON.parse(row.body)));
}

describe.each(page)("$endpoint", (row) => {
  test("answers the documented example as documented", async () => {
    const answer = await ask(row);
    expect(answer.status, JSON.stringify(answer.body)).toBe(row.status);
    if (row.answer !== undefined) expectSameShape(JSON.parse(row.answer), answer.body);
    // Metrics are the same everywhere, to the word.
    if (row.endpoint.endsWith("-metrics"))
      expect(answer.body).toEqual(expect.arrayContaining(JSON.parse(row.answer ?? "[]")));
  });

  test("requires both headers", async () => {
    const [method, url] = methodAndUrl(row, await sample.idsFor(row.endpoint), row.query);
    expectProblem(await sample.api.as({ apiKey: "" }).send(method, url), "missing_credentials");
    expectProblem(await sample.api.as({ project: "" }).send(method, url), "invalid_project_name");
  });

  for (const [name, field] of Object.entries(row.fields ?? {})) {
    test(`reads ${name} in the body`, async () => {
      const minimum = minimalBody(row);
      for (const value of field.takes) {
        const { status, body } = await ask(row, { body: withField(minimum, name, value) });
        expect(status, `${JSON.stringify(value)}: ${JSON.stringify(body)}`).toBe(row.status);
      }
      for (const value of field.refuses ?? []) {
        const { status } = await ask(row, { body: withField(minimum, name, value) });
        expect([field.refusedWith ?? 422, 422], JSON.stringify(value)).toContain(status);
        if (field.refusedWith === undefined) expect(status, JSON.stringify(value)).toBe(422);
      }
      if (field.required === true) {
        const { [name]: _, ...rest } = minimum;
        expectProblem(await ask(row, { body: rest }), "validation_error", { loc: ["body", name] });
      }
      if ("default" in field)
        expect((await ask(row, { body: minimum })).body).toMatchObject({ [name]: field.default });
    });
  }

  for (const [name, parameter] of Object.entries(row.parameters ?? {})) {
    const required = [...new URLSearchParams(row.query)].filter(([key]) => row.parameters?.[key]?.required);
    const others = required.filter(([key]) => key !== name);

    // A run may continue between the choice of a page and its reading.
    test(`reads ${name} in the query`, { retry: name === "status" ? 3 : 0 }, async () => {
      const ids = await sample.idsFor(row.endpoint);
      for (const value of parameter.takes) {
        const text = String(value).replace(/^\{(\w+)\}$/, (_, key: string) => ids[key] ?? "");
        const { status, body } = await ask(row, { query: queryText([...others, [name, text]]) });
        expect(status, `${text}: ${JSON.stringify(body)}`).toBe(row.status);
        const { finds } = parameter;
        if (finds === undefined) continue;
        expect(itemsOf(body).length, text).toBeGreaterThan(0);
        expect(itemsOf(body).filter((item) => !finds(item, text))).toEqual([]);
      }
      for (const value of parameter.refuses ?? []) {
        const { status } = await ask(row, { query: queryText([...others, [name, String(value)]]) });
        expect(status, String(value)).toBe(parameter.refusedWith ?? 422);
      }
      if (parameter.required === true)
        expectProblem(await ask(row, { query: queryText(others) }), "validation_error", {
          loc: ["query", name],
        });
      if ("default" in parameter) {
        const explicit = queryText([...others, [name, String(parameter.default)]]);
        // Runs of other tests may progress between the two.
        await vi.waitFor(async () => {
          const without = await ask(row, { query: queryText(others) });
          expect(without.body).toEqual((await ask(row, { query: explicit })).body);
        }, 10_000);
      }
    });
  }
});

/** The page's example without optional fields. */
function minimalBody({ body = "{}", fields = {} }: DocumentedEndpoint): Record<string, unknown> {
  const example = JSON.parse(body) as Record<string, unknown>;
  const needed = Object.entries(example).filter(([name]) => fields[name]?.required);
  // A score's PATCH needs at least one field.
  return Object.fromEntries(needed);
}

function withField(body: Record<string, unknown>, name: string, value: unknown): Record<string, unknown> {
  const [outer = "", inner] = name.split(".");
  return { ...body, [outer]: inner === undefined ? value : { [inner]: value } };
}

describe("the error table", () => {
  const runs = "/evaluations/trace-runs";
  const metrics = ["task_completion"];
  const score = { trace_id: "11111111-1111-1111-1111-111111111111", name: "quality" };
  const scores = "/evaluations/trace-scores";

  test("202: an eval run was created", async () => {
    const { status, body } = await sample.api.post<EvalRunResponse>(runs, { metrics });
    expect([status, body.status]).toEqual([202, "PENDING"]);
  });

  test("201: a score was created", async () => {
    expect((await sample.api.post(scores, { ...score, value: "1" })).status).toBe(201);
  });

  test("204: a resource was deleted", async () => {
    const { body } = await sample.api.post<TraceScoreResponse>(scores, { ...score, value: "1" });
    expect((await sample.api.delete(`${scores}/${body.id}`)).status).toBe(204);
    expectProblem(await sample.api.delete(`${scores}/${body.id}`), "not_found");
  });

  test("400: invalid filters, an unknown metric", async () => {
    const filters = { statuses: ["COMPLETED"] };
    expectProblem(await sample.api.post(runs, { metrics, filters }), "invalid_filters");
    expectProblem(await sample.api.post(runs, { metrics: ["nonsense"] }), "unknown_metric");
  });

  const withId = page.filter(({ endpoint }) => /\{(run|score)_id\}/.test(endpoint));
  test.each(withId)("404: $endpoint with an unknown id", async (row) => {
    const ids = { run_id: unknownId, score_id: unknownId };
    const [method, url] = methodAndUrl(row, ids, row.query);
    const body = row.body === undefined ? undefined : JSON.parse(row.body);
    expectProblem(await sample.api.send(method, url, body), "not_found");
  });

  test("422: a NUMERIC score out of range, a retry of a run without failures", async () => {
    expectProblem(await sample.api.post(scores, { ...score, value: "1.01" }), "validation_error");
    const { run_id } = await sample.idsFor("GET /evaluations/trace-runs/{run_id}");
    expectProblem(await sample.api.post(`${runs}/${run_id}/retry`), "nothing_to_retry");
  });

  const isLimited = page.filter(({ isRateLimited }) => isRateLimited);
  test.each(isLimited)("429: $endpoint allows as many requests a minute as are configured", async (row) => {
    const api = limited.project();
    const [method, url] = methodAndUrl(row, { run_id: unknownId });
    for (let n = 1; n <= limit; n += 1) expect((await api.send(method, url, [])).status).toBe(422);
    expectProblem(await api.send(method, url, []), "rate_limited");
  });

  test("50 a minute is the default", () => {
    expect(readConfig({}).rateLimits.runs).toBe(50);
  });
});

describe("the page's prose", () => {
  const runs = "/evaluations/trace-runs";

  test("deleting a run preserves its scores with eval_run_id null, or deletes them too", async () => {
    for (const [query, left] of [
      ["", 1],
      ["?delete_scores=false", 1],
      ["?delete_scores=true", 0],
    ] as const) {
      const { run_id } = await sample.idsFor("DELETE /evaluations/trace-runs/{run_id}");
      const { body } = await sample.api.get<TraceScoreResponse[]>(`${runs}/${run_id}/scores`);
      const [first] = body;
      expect((await sample.api.delete(`${runs}/${run_id}${query}`)).status).toBe(204);
      const found = await sample.api.get<{ items: TraceScoreResponse[] }>(
        `/evaluations/trace-scores?trace_id=${first?.trace_id}&limit=200`,
      );
      const same = found.body.items.filter(({ id }) => id === first?.id);
      expect(same.map(({ eval_run_id }) => eval_run_id)).toEqual(Array(left).fill(null));
    }
  });

  test("the latest scores of a trace are one per name", async () => {
    const { body } = await sample.api.get<TraceScoreResponse[]>(
      "/evaluations/trace-scores/11111111-1111-1111-1111-111111111111",
    );
    const names = body.map(({ name }) => name);
    expect(names).toContain("task_completion");
    expect(new Set(names).size).toBe(names.length);
  });

  test("a changed score is an annotation that succeeded", async () => {
    const { score_id } = await sample.idsFor("PATCH /evaluations/trace-scores/{score_id}");
    await database.run("update trace_scores set status = 'FAILED', source = 'AUTOMATED' where id = $1", [
      score_id,
    ]);
    const { body } = await sample.api.patch(`/evaluations/trace-scores/${score_id}`, { value: "0.95" });
    expect(body).toMatchObject({ value: "0.95", status: "SUCCESS", source: "ANNOTATION" });
  });

  test("a BOOLEAN score is true or false", async () => {
    const trace_id = "11111111-1111-1111-1111-111111111111";
    const post = (value: string) =>
      sample.api.post("/evaluations/trace-scores", { trace_id, name: "polite", data_type: "BOOLEAN", value });
    for (const value of ["true", "false", "True"]) expect((await post(value)).status).toBe(201);
    for (const value of ["yes", "1", ""]) expectProblem(await post(value), "validation_error");
  });
});
