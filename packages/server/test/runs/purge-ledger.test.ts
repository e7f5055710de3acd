import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { purgeLedger } from "../../src/judge/ledger/purge-ledger.ts";
import { startLlmServer } from "../support/llm-server.ts";
import { createRun, endedRun, getRun, runScores } from "../support/run-helpers.ts";
import { testPool } from "../support/test-pool.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { ledgerRows } from "./support/ledger-rows.ts";

test("old answers and calls are deleted in batches; scores, usage and newer answers stay", async () => {
  const llm = await startLlmServer();
  onTestFinished(() => llm.stop());
  const environment = { OPENAI_BASE_URL: llm.baseUrl, EVAL_LLM_MODEL: "openai/test" };
  const { api, database } = await useTestServer({ environment });
  await storeTraces(api, 1);
  const evaluate = async () =>
    endedRun(api, (await createRun(api, { metrics: ["task_completion", "confidence"] })).id);
  const run = await evaluate();
  const { answers } = await ledgerRows(database.url);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(`
    update judge_calls set created_at = now() - interval '91 days';
    update judge_answers set created_at = now() - interval '91 days';
    update judge_questions set asked_at = now() - interval '93 days';
    update eval_runs set created_at = now() - interval '91 days',
      error_message = 'The judge answered 403 Forbidden: “words of a “trace””. Check the key.';
    insert into judge_answers (project_id, key, call_id, answer, created_at)
      select id, decode(md5(n::text), 'hex'), gen_random_uuid(), '{}', now() - make_interval(days => 85 + 6 * (n % 2))
      from projects, generate_series(1, 5000) n where name = 'test'`);
  const pool = testPool(database.url);
  const db = createDatabase(pool);
  onTestFinished(() => db.destroy());
  const stopped = new AbortController();
  stopped.abort();
  await purgeLedger(db, 90, stopped.signal);
  expect((await ledgerRows(database.url)).answers).toBe(answers + 5000);
  await purgeLedger(db, 90, new AbortController().signal);
  expect(await ledgerRows(database.url)).toMatchObject({ answers: 2500, statuses: {} });
  expect((await client.query("select from judge_questions")).rows).toHaveLength(0);
  expect(await getRun(api, run.id)).toMatchObject({
    usage: run.usage,
    error_message: "The judge answered 403 Forbidden: “…”. Check the key.",
  });
  expect(await runScores(api, run.id)).toHaveLength(2);
  const asked = llm.requests.length;
  expect((await evaluate()).usage).toEqual(run.usage);
  expect(llm.requests).toHaveLength(2 * asked);
});
