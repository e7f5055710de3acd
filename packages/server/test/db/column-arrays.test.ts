import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Columns, columnArrays } from "../../src/db/column-arrays.ts";
import { createTestDatabase } from "../support/test-database.ts";

let client: pg.Client;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  client = new pg.Client({ connectionString: database.url, options: "-c TimeZone=UTC" });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await drop();
});

test.each<[type: Columns<"value">["value"], values: (string | number | null)[]]>([
  ["text", ["", "it rains", null, "es regnet – 雨 🌧", '"{a,b}\\', "x".repeat(70_000)]],
  ["json", ["null", '{"a":[1,"é"]}', null, '"\\""']],
  ["uuid", ["00000000-0000-0000-0000-000000000000", "ffffffff-0123-4567-89ab-cdef01234567", null]],
  ["int4", [0, -1, 2_147_483_647, -2_147_483_648, null]],
  ["int8", [0, -1, 4_294_967_295, -4_294_967_296, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, null]],
  ["float8", [0, -1.5, 1e-300, Number.MAX_VALUE, null]],
  [
    "timestamptz",
    [
      "2026-03-01T09:30:00.123Z",
      "1999-12-31T23:59:59.999Z",
      "0001-01-01T00:00:00.000Z",
      "9999-12-31T23:59:59.999Z",
      null,
    ],
  ],
])("PostgreSQL reads arrays of %s as they were written", async (type, values) => {
  const arrays = columnArrays(
    { value: type },
    values.map((value) => ({ value })),
  );
  const { rows } = await client.query<{ same: boolean }>(
    `select value::text is not distinct from sent::${type}::text as same
     from unnest($1::${type}[], $2::text[]) as both_forms(value, sent)`,
    [...arrays, values.map((value) => (value === null ? null : String(value)))],
  );
  expect(rows).toEqual(values.map(() => ({ same: true })));
});

test("rows get the values of their columns, in order", async () => {
  const rows = Array.from({ length: 3 }, (_, n) => ({ n, name: `span ${n}`, cost: n === 1 ? null : n / 2 }));
  const arrays = columnArrays({ name: "text", cost: "float8", n: "int4" }, rows);
  const answer = await client.query(
    "select n, name, cost from unnest($1::text[], $2::float8[], $3::int4[]) as sent(name, cost, n)",
    arrays,
  );
  expect(answer.rows).toEqual(rows);
});
