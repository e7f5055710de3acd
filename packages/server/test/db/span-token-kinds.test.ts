import { randomBytes } from "node:crypto";
import { tokenCounts } from "@pandaprobe/contract/rules";
import { expect, test } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { up } from "../../src/db/migrations/0006-span-token-kinds.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { testPool } from "../support/test-pool.ts";

const usages = [
  null,
  {},
  { prompt_tokens: 10, completion_tokens: 5 },
  { input_tokens: 10, output_tokens: 5, total_tokens: 99 },
  { prompt_tokens: 1, input_tokens: 2, completion_tokens: 3, output_tokens: 4 },
  { prompt_tokens: "10", input_tokens: 2 },
  { prompt_tokens: null, output_tokens: true },
  { prompt_tokens: 1.9, completion_tokens: -1 },
  { prompt_tokens: -5, input_tokens: 3, completion_tokens: 10 },
  { prompt_tokens: 1e300, completion_tokens: 2 ** 53 },
  { prompt_tokens: 5e-324, completion_tokens: -1.7e308 },
  { prompt_tokens: { deep: 1 }, input_tokens: [1] },
  { total_tokens: 7 },
  JSON.parse('{"__proto__": 1, "prompt_tokens": 2}'),
];

test("existing spans are counted by the same rule as new ones", async () => {
  const database = await createTestDatabase();
  const pool = testPool(database.url);
  const db = createDatabase(pool);
  // As the previous migration left them.
  await pool.query("alter table spans drop column prompt_tokens, drop column completion_tokens");
  const [organization, project, trace] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  await pool.query("insert into organizations (id, name) values ($1, $2)", [
    organization,
    randomBytes(6).toString("hex"),
  ]);
  await pool.query("insert into projects (organization_id, id, name) values ($1, $2, 'p')", [
    organization,
    project,
  ]);
  await pool.query(
    `insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, tags)
      values ($1, $2, 'n', 'COMPLETED', 'null', 'null', '{}', now(), '{}')`,
    [project, trace],
  );
  const insert = (usage: unknown) =>
    pool.query(
      `insert into spans (project_id, trace_id, span_id, name, kind, status, input, output, token_usage, metadata,
          started_at, model_parameters, cost, total_tokens, total_cost)
        values ($1, $2, gen_random_uuid(), 's', 'LLM', 'OK', 'null', 'null', $3, '{}', now(), 'null', 'null', 0, 0)`,
      [project, trace, JSON.stringify(usage)],
    );
  for (const usage of usages) await insert(usage);

  await up(db as never);

  const { rows } = await pool.query("select prompt_tokens, completion_tokens from spans order by seq");
  expect(rows).toEqual(
    usages.map((usage) => {
      const { total_tokens: _, ...counts } = tokenCounts(usage);
      return counts;
    }),
  );
  // An older server keeps writing without the new columns.
  await expect(insert({ prompt_tokens: 1 })).resolves.toMatchObject({ rowCount: 1 });
  await db.destroy();
  await database.drop();
});
