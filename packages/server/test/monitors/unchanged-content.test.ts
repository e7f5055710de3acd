import { expect, test } from "vitest";
import { databaseBehind } from "../http/support/database-behind.ts";
import { createMonitor } from "../http/support/samples.ts";
import { useHttpServer } from "../http/support/use-http-server.ts";
import { spanBody, storeTrace } from "../support/traces.ts";
import { tick } from "./support/tick.ts";

const server = useHttpServer({ role: "all", environment: { MONITOR_CHECK_SECONDS: "1" } });
const database = databaseBehind(server);

test("a monitor judges a target again only when the content that a judge reads has changed", async () => {
  const api = server.project();
  const span = spanBody({ span_id: crypto.randomUUID(), output: "found" });
  const fields = { session_id: "s", input: "Hi", output: "Ho", tags: ["a"], spans: [span] };
  const trace_id = await storeTrace(api, fields);
  const monitors = [
    await createMonitor(api, { filters: { tags: ["a", "b"] } }),
    await createMonitor(api, { target_type: "SESSION", metrics: ["agent_reliability"] }),
  ];
  expect(await tick(api, database, monitors)).toEqual([true, true]);

  await storeTrace(api, { ...fields, trace_id });
  await api.patch(`/traces/${trace_id}`, { name: "renamed", tags: ["a", "c"], user_id: "ann" });
  await api.post(`/traces/${trace_id}/spans`, [span]);
  expect(await tick(api, database, monitors)).toEqual([false, false]);

  await api.patch(`/traces/${trace_id}/spans/${span["span_id"]}`, { output: "not found" });
  expect(await tick(api, database, monitors)).toEqual([true, true]);

  // One that was never judged counts as soon as it matches, and it changes its session.
  const late = await storeTrace(api, { session_id: "s", tags: [] });
  expect(await tick(api, database, monitors)).toEqual([false, true]);
  await api.patch(`/traces/${late}`, { tags: ["b"] });
  expect(await tick(api, database, monitors)).toEqual([true, false]);
});
