import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { purgeRequests } from "../../src/features/requests/purge-requests.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { testPool } from "../support/test-pool.ts";
import { useTestServer } from "../support/test-server.ts";
import { waitUntil } from "../support/wait-until.ts";

const going = new AbortController().signal;

async function setUp() {
  const { url, drop } = await createTestDatabase();
  const pool = testPool(url);
  const db = createDatabase(pool);
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  onTestFinished(async () => {
    await other.end();
    await db.destroy();
    await drop();
  });
  await pool.query(`
    with organization as (insert into organizations values (gen_random_uuid(), 'o') returning id)
    insert into projects select id, gen_random_uuid(), 'p' from organization`);
  await pool.query(`
    insert into idempotency_keys (project_id, key, request_hash, created_at)
      select id, age || ' ' || n, '', now() - age::interval
      from projects, generate_series(1, 2500) n, unnest(array['24 hours 1 minute', '23 hours']) age;
    insert into rate_limits select gen_random_uuid(), age || '', array[clock_timestamp() - age * interval '1 second', '2020-01-01']
      from unnest(array[0, 50, 70]) age;
    insert into rate_limits values (gen_random_uuid(), 'none', '{}');
    insert into request_counts select gen_random_uuid(), floor(extract(epoch from clock_timestamp())) - age, array[age]
      from unnest(array[0, 50, 70]) age`);
  const left = async (statement: string) =>
    (await pool.query({ text: statement, rowMode: "array" })).rows.flat();
  return {
    db,
    url,
    other,
    answers: () => left("select split_part(key, ' ', 1), count(*) from idempotency_keys group by 1"),
    hits: () => left("select route from rate_limits order by route"),
    counts: () => left("select counts[1] from request_counts order by 1"),
  };
}

test("only rows that are too old to be replayed or counted are deleted", async () => {
  const { db, answers, hits, counts } = await setUp();
  await purgeRequests(db, going);
  expect(await answers()).toEqual(["23", 2500]);
  expect(await hits()).toEqual(["0", "50"]);
  expect(await counts()).toEqual([0, 50]);
});

test("rows locked by a request are skipped", async () => {
  const { db, other, answers, hits } = await setUp();
  await other.query("begin");
  await other.query("select from idempotency_keys where key like '24 hours%' limit 1 for update");
  await other.query("select from rate_limits where route = '70' for update");
  await purgeRequests(db, going);
  expect(await answers()).toEqual(["23", 2500, "24", 1]);
  expect(await hits()).toEqual(["0", "50", "70"]);
  await other.query("rollback");
  await purgeRequests(db, going);
  expect(await answers()).toEqual(["23", 2500]);
});

test("a stopping worker starts no further batch", async () => {
  const { db, answers } = await setUp();
  await purgeRequests(db, AbortSignal.abort());
  expect((await answers()).toSorted()).toEqual(["23", "24", 2500, 2500].toSorted());
});

test("workers purge by themselves", async () => {
  const { url, answers } = await setUp();
  await useTestServer({ role: "worker", database: { url, drop: async () => undefined } });
  await waitUntil(async () => (await answers()).length === 2);
  expect(await answers()).toEqual(["23", 2500]);
});
