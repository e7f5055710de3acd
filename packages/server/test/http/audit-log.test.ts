import type { AuditEvent, AuditEventPage } from "@pandaprobe/contract";
import { expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { createRun } from "../support/run-helpers.ts";
import { startTestServer } from "../support/test-server.ts";
import { spanBody, storeTrace } from "../support/traces.ts";
import { createKey, newOrganization } from "./support/administration.ts";
import {
  createMonitor,
  createScore,
  createSessionScore,
  createSpanScore,
  monitorBody,
} from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();

/** Oldest first. */
async function eventsOf(admin: ApiClient): Promise<AuditEvent[]> {
  const { body } = await admin.get<AuditEventPage>("/audit-log?limit=200");
  return body.items.toReversed();
}

test("keys, deletions and monitors are recorded, with who did it", async () => {
  const admin = await newOrganization(server.current);
  const { id: keyId, key } = await createKey(admin, { name: "ci" });
  const api = admin.as({ apiKey: key, project: "shop" });
  const span_id = crypto.randomUUID();
  const first = await storeTrace(api, { session_id: "s", spans: [spanBody({ span_id })] });
  const second = await storeTrace(api);
  const { id: score } = await createScore(api, second);
  const { id: run } = await createRun(api, {});
  const { id: monitor } = await createMonitor(api, {});
  await api.patch(`/evaluations/monitors/${monitor}`, { cadence: "weekly" });
  await api.delete(`/evaluations/monitors/${monitor}`);
  await api.delete(`/evaluations/trace-runs/${run}`);
  await api.delete(`/evaluations/trace-scores/${score}`);
  const { id: ofSession } = await createSessionScore(api, "s");
  await api.delete(`/evaluations/session-scores/${ofSession}`);
  const { id: ofSpan } = await createSpanScore(api, first, span_id);
  await api.delete(`/evaluations/span-scores/${ofSpan}`);
  const unknown = crypto.randomUUID();
  await api.post("/traces/batch/delete", { trace_ids: [second, unknown] }, { "x-request-id": "clean-up" });
  await api.delete("/sessions/s");
  // A refused request is not recorded.
  await api.delete(`/traces/${first}`);
  await admin.delete(`/keys/${keyId}`);
  const events = await eventsOf(admin);
  const brief = events.map(({ action, subject, key_id }) => [action, subject, key_id === keyId]);
  expect(brief).toEqual([
    ["key.created", keyId, false],
    ["monitor.created", monitor, true],
    ["monitor.changed", monitor, true],
    ["monitor.deleted", monitor, true],
    ["trace_run.deleted", run, true],
    ["trace_score.deleted", score, true],
    ["session_score.deleted", ofSession, true],
    ["span_score.deleted", ofSpan, true],
    ["traces.deleted", null, true],
    ["session.deleted", "s", true],
    ["key.revoked", keyId, false],
  ]);
  expect(events[8]).toMatchObject({
    project: "shop",
    request_id: "clean-up",
    details: { deleted: 1, trace_ids: [second, unknown] },
  });
  expect(JSON.stringify(events)).not.toContain(key.slice(12));
});

test("a replayed request is recorded once", async () => {
  const admin = await newOrganization(server.current);
  const repeat = () => admin.post("/evaluations/monitors", monitorBody(), { "idempotency-key": "again" });
  expect([(await repeat()).status, (await repeat()).status]).toEqual([201, 201]);
  expect((await eventsOf(admin)).map(({ action }) => action)).toEqual(["monitor.created"]);
});

test("is paged, newest first, and shows one organization only", async () => {
  const [admin, other] = [await newOrganization(server.current), await newOrganization(server.current)];
  for (const name of ["a", "b", "c"]) await createKey(admin, { name });
  const { body } = await admin.get<AuditEventPage>("/audit-log?limit=2&offset=1");
  expect(body).toMatchObject({ total: 3, limit: 2, offset: 1 });
  expect(body.items.map(({ details }) => details["name"])).toEqual(["b", "a"]);
  expect(await eventsOf(other)).toEqual([]);
});

test("changed settings are recorded once, at the next start", async () => {
  const admin = await newOrganization(server.current);
  const restart = async (environment: Record<string, string>) => {
    const other = await startTestServer({ role: "api", database: server.current.database, environment });
    await other.close();
  };
  await restart({ QUOTA_TRACES: "1000" });
  await restart({ QUOTA_TRACES: "1000" });
  await restart({ QUOTA_TRACES: "2000" });
  const events = await eventsOf(admin);
  expect(events.map(({ action, key_id }) => [action, key_id])).toEqual([
    ["settings.changed", null],
    ["settings.changed", null],
  ]);
  expect(events.map(({ details }) => details["quotas"])).toEqual([
    expect.objectContaining({ traces: 1000 }),
    expect.objectContaining({ traces: 2000 }),
  ]);
});
