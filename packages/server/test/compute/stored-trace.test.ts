import { expect, test } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { readStoredTraces } from "../../src/features/traces/stored-trace.ts";
import { testPool } from "../support/test-pool.ts";
import { useTestServer } from "../support/test-server.ts";

const started_at = "2026-03-01T10:00:00.000Z";

/** A stored trace as the evaluation reads it, and as the API shows it. */
async function readBoth(spans: readonly object[], more: object = {}) {
  const { api, database } = await useTestServer({ role: "api" });
  const { body } = await api.post<{ trace_id: string }>("/traces", { name: "t", started_at, ...more });
  for (const span of spans) await api.post(`/traces/${body.trace_id}/spans`, [{ started_at, ...span }]);
  const pool = testPool(database.url);
  const db = createDatabase(pool);
  try {
    const { id } = await db.selectFrom("projects").select("id").executeTakeFirstOrThrow();
    const [stored] = await readStoredTraces(db, id, [body.trace_id]);
    const evaluated = JSON.parse((await stored?.read()) ?? "null");
    return { stored, evaluated, shown: (await api.get<object>(`/traces/${body.trace_id}`)).body };
  } finally {
    await db.destroy();
  }
}

const odd = { "": null, __proto__x: [1.5, 'é\u2028\\"', true], nested: { deep: [{}, []] } };

test.each([
  ["small", 10],
  ["large", 400_000],
])("a %s trace is evaluated as it is shown", async (_size, chars) => {
  const { evaluated, shown } = await readBoth(
    [
      { name: "s", kind: "TOOL", input: odd, output: "x".repeat(chars), model_parameters: odd },
      { name: "with an error", status: "ERROR", error: 'it "broke"\n', metadata: odd, ended_at: started_at },
    ],
    { input: odd, output: "done", metadata: odd, tags: ['a "tag"'], session_id: "s" },
  );
  // If no span states a cost, a trace's cost is null for a metric and 0 in a total.
  const { cost_usd: cost, ...rest } = evaluated;
  expect(cost).toBeNull();
  expect(shown).toMatchObject(rest);
  expect(evaluated.spans).toHaveLength(2);
});

test("a very large trace loses only the contents of later spans", async () => {
  const large = { kind: "TOOL", output: "y".repeat(4_500_000) };
  const { evaluated, stored } = await readBoth([1, 2, 3, 4, 5].map((n) => ({ name: `s${n}`, ...large })));
  expect(stored?.chars).toBeGreaterThan(22_000_000);
  expect(evaluated.spans.map(({ name }: { name: string }) => name)).toEqual(["s1", "s2", "s3", "s4", "s5"]);
  const lengths = evaluated.spans.map(({ output }: { output: string }) => output.length);
  expect(lengths.slice(0, 3)).toEqual([4_500_000, 4_500_000, 4_500_000]);
  expect(evaluated.spans[4].output).toContain("left out");
});
