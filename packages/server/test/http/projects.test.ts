/** @module-tag slow */
import { once } from "node:events";
import { request } from "node:http";
import type { AuditEventPage, ProjectPage } from "@pandaprobe/contract";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { startLlmServer } from "../support/llm-server.ts";
import { evaluation, loggedMessage, logRequest, newTrace } from "../support/otlp.ts";
import { query } from "../support/query.ts";
import { createRun, endedRun } from "../support/run-helpers.ts";
import { type TestServer, useTestServer } from "../support/test-server.ts";
import { readTrace, spanBody, storeTrace } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";
import { createKey, newOrganization } from "./support/administration.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createQueue } from "./support/reviews.ts";
import {
  createMonitor,
  createScore,
  createSessionScore,
  createSpanScore,
  unknownId,
} from "./support/samples.ts";

describe("the list of projects", () => {
  test("lists the projects that the key can access, with their counts of traces", async () => {
    const server = await useTestServer({ role: "api" });
    const admin = await newOrganization(server);
    const other = await newOrganization(server);
    await storeTrace(other.as({ project: "foreign" }));
    for (const project of ["b", "a", "c"]) {
      await storeTrace(admin.as({ project }), { started_at: "2026-03-01T09:00:00.000Z" });
    }
    await storeTrace(admin.as({ project: "a" }), { started_at: "2026-02-01T09:00:00.000Z" });
    const { body } = await admin.as({ project: "" }).get<ProjectPage>("/projects?limit=2");
    expect(body).toMatchObject({
      total: 3,
      items: [
        { name: "a", traces: 2, last_trace_at: "2026-03-01T09:00:00.000Z" },
        { name: "b", traces: 1 },
      ],
    });
    const { key } = await createKey(admin, { projects: ["c", "none"] });
    expect((await admin.as({ apiKey: key }).get<ProjectPage>("/projects")).body).toMatchObject({
      total: 1,
      items: [{ name: "c" }],
    });
  });

  test("does not read the traces, however many there are", async () => {
    const server = await useTestServer({ role: "api" });
    const admin = await newOrganization(server);
    await storeTrace(admin.as({ project: "big" }));
    await query(
      server.database.url,
      `insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, tags)
       select project_id, gen_random_uuid(), name, status, input, output, metadata,
         started_at - n * interval '1 second', tags
       from traces, generate_series(1, 20000) n`,
    );
    await query(server.database.url, "vacuum analyze traces");
    const read = async () => {
      const sql =
        "select idx_tup_fetch + seq_tup_read as n from pg_stat_user_tables where relname = 'traces'";
      return Number((await query<{ n: string }>(server.database.url, sql))[0]?.n);
    };
    const before = await read();
    const { body } = await admin.get<ProjectPage>("/projects");
    expect(body.items).toMatchObject([{ name: "big", traces: 20_001 }]);
    expect((await read()) - before).toBeLessThan(100);
  });
});

/** The rows of a project by table: every table with a project_id, the queue's jobs, and the project itself. */
async function rowsOf(server: TestServer, projectId: string): Promise<Record<string, number>> {
  const ask = (statement: string) => query<{ n: string }>(server.database.url, statement, [projectId]);
  const tables = await query<{ table_name: string }>(
    server.database.url,
    `select table_name from information_schema.columns
     where column_name = 'project_id' and table_schema = current_schema() order by 1`,
  );
  const rows: Record<string, number> = {};
  for (const { table_name: table } of tables) {
    rows[table] = Number((await ask(`select count(*) as n from ${table} where project_id = $1`))[0]?.n);
  }
  const jobs = "select count(*) as n from graphile_worker._private_jobs where payload ->> 'project_id' = $1";
  rows["jobs"] = Number((await ask(jobs))[0]?.n);
  rows["projects"] = Number((await ask("select count(*) as n from projects where id = $1::uuid"))[0]?.n);
  return rows;
}

/** Creates rows in every table. @returns the project's id */
async function fillProject(api: ApiClient): Promise<string> {
  const span_id = crypto.randomUUID();
  const trace = await storeTrace(api, { session_id: "s", spans: [spanBody({ span_id })] });
  await storeTrace(api, { session_id: "s" });
  const { id: score, project_id } = await createScore(api, trace);
  await api.patch(`/evaluations/trace-scores/${score}`, { value: "0.25" });
  const ofSession = await createSessionScore(api, "s");
  await api.patch(`/evaluations/session-scores/${ofSession.id}`, { value: "0.25" });
  await createSpanScore(api, trace, span_id);
  const limit = { max_cost_usd: 1 };
  await api.send("PUT", "/evaluations/metrics/fast", { kind: "latency", max_ms: 1000 });
  await endedRun(api, (await createRun(api, { metrics: ["confidence", "fast"], ...limit })).id);
  const sessions = await createRun(api, { metrics: ["agent_reliability"], ...limit }, "session-runs");
  await endedRun(api, sessions.id, undefined, "session-runs");
  await createMonitor(api, {});
  const queue = await createQueue(api);
  await queue.complete((await queue.claimed("ana")).id, "ana", "1");
  const traceId = newTrace();
  const message = loggedMessage({ traceId, spanId: "00000000000000aa" }, "gen_ai.user.message", "Hello");
  await api.post("/v1/logs", logRequest([evaluation(traceId), message]));
  await api.post(
    "/traces/batch/tags",
    { trace_ids: [trace], add_tags: ["a"] },
    { "idempotency-key": "stored" },
  );
  return project_id;
}

async function useJudgedServer(): Promise<TestServer> {
  const llm = await startLlmServer();
  onTestFinished(() => llm.stop());
  return useTestServer({
    environment: {
      OPENAI_BASE_URL: llm.baseUrl,
      EVAL_LLM_MODEL: "openai/test",
      EVAL_EMBEDDING_MODEL: "openai/embeds",
      JUDGE_PRICES: JSON.stringify({
        "openai/test": { input_usd_per_mtok: 1, output_usd_per_mtok: 1 },
        "openai/embeds": { input_usd_per_mtok: 1 },
      }),
    },
  });
}

describe("deleting a project", () => {
  test("erases everything of it from all tables, and nothing of another one", {
    timeout: 60_000,
  }, async () => {
    const server = await useJudgedServer();
    const admin = await newOrganization(server);
    const [shop, bank] = [admin.as({ project: "shop" }), admin.as({ project: "bank" })];
    const [shopId, bankId] = [await fillProject(shop), await fillProject(bank)];
    // Workers fold deltas into totals meanwhile.
    const settled = await waitUntil(async () => {
      const rows = await rowsOf(server, bankId);
      return rows["project_usage_deltas"] === 0 && rows["score_deltas"] === 0 && rows;
    });
    const before = await rowsOf(server, shopId);
    const empty = Object.keys(before).filter((table) => before[table] === 0);
    // Rows that disappear by themselves, so this test cannot check them: folded deltas, ended jobs, calls and trials.
    expect(empty.sort()).toEqual([
      "jobs",
      "judge_claims",
      "metric_trials",
      "project_usage_deltas",
      "score_deltas",
    ]);

    expect((await admin.delete("/projects/shop")).status).toBe(204);
    expectProblem(await admin.delete("/projects/shop"), "not_found");
    const none = Object.fromEntries(Object.keys(before).map((table) => [table, 0]));
    await waitUntil(async () => {
      const rows = await rowsOf(server, shopId);
      return Object.values(rows).every((count) => count === 0) && rows;
    });
    expect(await rowsOf(server, shopId)).toEqual(none);
    expect(await rowsOf(server, bankId)).toEqual(settled);
    const { body } = await admin.get<AuditEventPage>("/audit-log?limit=2");
    expect(body.items.map(({ action, project }) => [action, project])).toEqual([
      ["project.erased", "shop"],
      ["project.deleted", "shop"],
    ]);
  });

  test("frees its name at once, without a worker to erase it", async () => {
    const server = await useTestServer({ role: "api" });
    const admin = await newOrganization(server);
    const trace = await storeTrace(admin);
    const { id: run } = await createRun(admin, {});
    await admin.delete("/projects/first");
    for (const path of [`/traces/${trace}`, `/evaluations/trace-runs/${run}`]) {
      expectProblem(await admin.get(path), "not_found");
    }
    expect((await admin.get<ProjectPage>("/projects")).body.total).toBe(0);
    await storeTrace(admin, { trace_id: trace });
    const { body } = await admin.get<ProjectPage>("/projects");
    expect(body.items).toMatchObject([{ name: "first", traces: 1 }]);
  });

  test("ends its runs and takes their jobs out of the queue", { timeout: 60_000 }, async () => {
    // The judge never answers, so the run would wait for it unless it is ended.
    const llm = await startLlmServer({ fault: () => ({ kind: "status", status: 503 }) });
    onTestFinished(() => llm.stop());
    const server = await useTestServer({
      environment: { OPENAI_BASE_URL: llm.baseUrl, EVAL_LLM_MODEL: "openai/test" },
    });
    const admin = await newOrganization(server);
    for (let n = 0; n < 30; n += 1) await storeTrace(admin);
    const { project_id } = await createRun(admin, { metrics: ["confidence"] });
    await waitUntil(async () => llm.requests.length > 0);
    await admin.delete("/projects/first");
    await waitUntil(async () => {
      const rows = await rowsOf(server, project_id);
      return Object.values(rows).every((count) => count === 0);
    }, 40_000);
  });

  test("stores a slow request in the new project of that name", { timeout: 60_000 }, async () => {
    const server = await useTestServer();
    const admin = await newOrganization(server);
    const { project_id } = await readTrace(admin, await storeTrace(admin));
    const { id, key } = await createKey(admin);
    const slow = request(`${server.url}/traces`, {
      method: "POST",
      headers: { ...admin.as({ apiKey: key }).headers, "content-type": "application/json" },
    });
    const answered = once(slow, "response");
    slow.write('{"name": "slow", ');
    // Once the key counts as used, the server has read the headers.
    await waitUntil(async () => {
      const used = "select from api_keys where id = $1 and last_used_at is not null";
      return (await query(server.database.url, used, [id])).length > 0;
    });
    await admin.delete("/projects/first");
    await waitUntil(async () => (await rowsOf(server, project_id))["projects"] === 0);
    slow.end('"started_at": "2026-03-01"}');
    const [{ statusCode }] = await answered;
    expect(statusCode).toBe(202);
    const { body } = await admin.get<ProjectPage>("/projects");
    expect(body.items).toMatchObject([{ name: "first", traces: 1 }]);
  });

  test("requires the scope admin, and a project of the key's organization", async () => {
    const server = await useTestServer({ role: "api" });
    const [admin, other] = [await newOrganization(server), await newOrganization(server)];
    await storeTrace(other.as({ project: "theirs" }));
    expectProblem(await admin.delete("/projects/theirs"), "not_found");
    expectProblem(await server.api.delete(`/projects/${unknownId}`), "insufficient_scope");
    expect((await other.get<ProjectPage>("/projects")).body.total).toBe(1);
  });
});
