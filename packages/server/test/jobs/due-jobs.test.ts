import { expect, test } from "vitest";
import { query } from "../support/query.ts";
import { createRun, endedRun } from "../support/run-helpers.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";

test("a retry starts soon after it is due, although nothing announces it", { tags: ["slow"] }, async () => {
  const { api, database } = await useTestServer();
  await storeTraces(api, 1);
  await query(database.url, "alter table trace_scores rename to scores_away");
  const { id } = await createRun(api);
  const failed = "select from graphile_worker._private_jobs where last_error is not null";
  await waitUntil(async () => (await query(database.url, failed)).length > 0);
  await query(database.url, "alter table scores_away rename to trace_scores");
  expect(await endedRun(api, id, 30_000)).toMatchObject({ status: "COMPLETED", failed_count: 0 });
});
