import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { query } from "../support/query.ts";
import { createTestDatabase } from "../support/test-database.ts";

const page = readFileSync(new URL("../../../../docs/security.md", import.meta.url), "utf8");

test("docs/security.md documents the retention of every table", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const tables = await query<{ name: string }>(
    database.url,
    `select table_name as name from information_schema.tables
     where table_schema = current_schema() and table_name not like 'kysely%'`,
  );
  const named = [...page.matchAll(/`([a-z_]+\*?)`/g)].map(([, name = ""]) => name);
  const isNamed = ({ name }: { name: string }) =>
    named.some((each) => (each.endsWith("*") ? name.startsWith(each.slice(0, -1)) : name === each));
  expect(tables.filter((table) => !isNamed(table))).toEqual([]);
  expect(tables.length).toBeGreaterThan(20);
});
