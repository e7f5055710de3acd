/** @module-tag slow */
import { randomUUID } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { createDatabase, createPool } from "../../src/db/database.ts";
import { settleLostCalls } from "../../src/judge/ledger/settle-calls.ts";
import { startLlmServer } from "../support/llm-server.ts";
import { query } from "../support/query.ts";
import { createRun, endedRun, getRun } from "../support/run-helpers.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";

test("calls that a dead process left in flight are settled after their run was cancelled or deleted", async () => {
  const llm = await startLlmServer({ fault: () => ({ kind: "hang" }) });
  onTestFinished(() => llm.stop());
  const prices = { "openai/test": { input_usd_per_mtok: 1, output_usd_per_mtok: 5 } };
  const { api, database } = await useTestServer({
    environment: {
      OPENAI_BASE_URL: llm.baseUrl,
      EVAL_LLM_MODEL: "openai/test",
      JUDGE_PRICES: JSON.stringify(prices),
    },
  });
  await storeTraces(api, 1);
  const open = await createRun(api, { metrics: ["confidence"] });
  await waitUntil(async () => llm.inFlight === 1);
  const cancelled = await createRun(api, { metrics: ["confidence"], model: "heuristic/v1" });
  await api.post(`/evaluations/trace-runs/${cancelled.id}/cancel`);
  await endedRun(api, cancelled.id);
  // The state that a process leaves when it dies during its calls.
  const leave = async (runId: string, age: string) => {
    const id = randomUUID();
    await query(
      database.url,
      `insert into judge_calls (project_id, id, run_id, kind, model, settings, keys, attempt, reserved_usd, created_at)
       select id, $1, $2, 'ASK', 'openai/test', '{}', '{}', 1, 0.25, now() - $3::interval from projects`,
      [id, runId, age],
    );
    return id;
  };
  const old = await leave(cancelled.id, "2 minutes");
  const recent = await leave(cancelled.id, "5 s");
  const ofOpenRun = await leave(open.id, "2 minutes");
  const ofNoRun = await leave(randomUUID(), "2 minutes");

  const onConnectionError = () => undefined;
  const name = "settling test";
  const db = createDatabase(
    createPool({
      connectionString: database.url,
      maxConnections: 2,
      applicationName: name,
      onConnectionError,
    }),
  );
  onTestFinished(() => db.destroy());
  await settleLostCalls(db, 65_000);
  const rows = await query<{ id: string; status: string }>(
    database.url,
    "select id, status from judge_calls",
  );
  const statusOf = Object.fromEntries(rows.map(({ id, status }) => [id, status]));
  expect(statusOf).toMatchObject({
    [old]: "UNKNOWN",
    [recent]: "PENDING",
    [ofOpenRun]: "PENDING",
    [ofNoRun]: "UNKNOWN",
  });
  // It is charged at its highest cost; the other one still counts as in flight.
  expect((await getRun(api, cancelled.id)).usage).toMatchObject({ calls: 2, cost_usd: 0.5 });
  await settleLostCalls(db, 0);
  expect((await getRun(api, cancelled.id)).usage).toMatchObject({ calls: 2, cost_usd: 0.5 });
  await api.post(`/evaluations/trace-runs/${open.id}/cancel`);
});
