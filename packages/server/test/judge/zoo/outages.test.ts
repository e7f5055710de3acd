/** @module-tag slow */
import { expect, test } from "vitest";
import { useZooServer } from "../../support/gateway-zoo/judge-at-zoo.ts";
import { createRun, endedRun } from "../../support/run-helpers.ts";
import { storeTraces } from "../../support/traces.ts";

const model = "openai/500-poison";
const metrics = ["confidence", "step_efficiency"];

test("a model that breaks on some traces fails only those, not their run or another project's", async () => {
  const server = await useZooServer({ EVAL_CONCURRENCY: "8" });
  const other = server.api.as({ project: "other" });
  await storeTraces(server.api, 8);
  await storeTraces(server.api, 3, { name: "POISON" });
  await storeTraces(other, 4);
  const { id } = await createRun(server.api, { metrics, model });
  const others = await createRun(other, { metrics, model });
  expect(await endedRun(other, others.id, 10_000)).toMatchObject({ status: "COMPLETED", failed_count: 0 });
  const run = await endedRun(server.api, id, 30_000);
  expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: 11, failed_count: 6 });
});

test("many such traces delay another project only briefly", async () => {
  const server = await useZooServer({ EVAL_CONCURRENCY: "8" });
  const other = server.api.as({ project: "other" });
  await storeTraces(server.api, 12, { name: "POISON" });
  await storeTraces(other, 4);
  const { id } = await createRun(server.api, { metrics, model });
  const others = await createRun(other, { metrics, model });
  expect(await endedRun(other, others.id, 15_000)).toMatchObject({ status: "COMPLETED", failed_count: 0 });
  const run = await endedRun(server.api, id, 60_000);
  expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: 12, failed_count: 24 });
});
