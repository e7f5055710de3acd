import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { model, storeTraces, unknownId } from "./samples.ts";
import type { Behaviour } from "./side.ts";

export const administration: readonly Behaviour[] = [
  {
    name: "lists the projects that a key can access",
    async check(side) {
      const { admin, client } = await side.organization();
      expect(await admin.listProjects()).toMatchObject({ items: [], total: 0 });
      await client({ project: "shop" }).listTraces();
      expect((await admin.listProjects()).total).toBe(0);
      const started_at = "2026-03-02T09:00:00.000Z";
      await storeTraces(client({ project: "shop" }), {}, { started_at });
      await storeTraces(client({ project: "bank" }), {});
      const { items } = await admin.listProjects();
      expect(items).toMatchObject([
        { name: "bank", traces: 1 },
        { name: "shop", traces: 2, last_trace_at: started_at },
      ]);
      expect((await admin.listProjects({ limit: 1, offset: 1 })).items).toHaveLength(1);
      const { key } = await admin.createApiKey({ name: "shop", projects: ["shop", "none"] });
      expect(await client({ key }).admin.listProjects()).toMatchObject({ total: 1 });
    },
  },
  {
    name: "reports what a project uses of its quotas",
    async check(side) {
      const { admin, client } = await side.organization();
      await expectRefusal(admin.getProjectUsage("shop"), 404, "not_found");
      const shop = client({ project: "shop" });
      await storeTraces(shop, { input: "much" }, {});
      const { run } = await shop.evaluateTraces({ metrics: ["coherence"], model: "heuristic/v1" });
      await shop.deleteTraceRun(run.id);
      await shop.createMonitor({
        name: "a",
        target_type: "TRACE",
        metrics: ["coherence"],
        cadence: "daily",
        model,
      });
      const usage = await admin.getProjectUsage("shop");
      expect(usage).toMatchObject({
        project: "shop",
        traces: { used: 2, limit: null },
        monitors: { used: 1, limit: 100 },
        runs_today: { used: 1, limit: null },
      });
      expect(usage.bytes.used).toBeGreaterThan(0);
      await expectRefusal(admin.getProjectUsage("a/b"), 422, "invalid_project_name");
    },
  },
  {
    name: "deletes a project, and its name can be reused at once",
    async check(side) {
      const { admin, client } = await side.organization();
      const [trace = ""] = await storeTraces(client({ project: "shop" }), {});
      await admin.deleteProject("shop");
      await expectRefusal(admin.deleteProject("shop"), 404, "not_found");
      await expectRefusal(client({ project: "shop" }).getTrace(trace), 404, "not_found");
      expect((await admin.listProjects()).total).toBe(0);
      await storeTraces(client({ project: "shop" }), { trace_id: trace });
      expect((await client({ project: "shop" }).listTraces()).total).toBe(1);
    },
  },
  {
    name: "creates keys that can do what their scopes allow",
    async check(side) {
      const { admin, client } = await side.organization();
      const ingest = await admin.createApiKey({ name: "in", scopes: ["ingest"], projects: ["shop"] });
      const shop = client({ key: ingest.key, project: "shop" });
      await storeTraces(shop, {});
      await expectRefusal(shop.listTraces(), 403, "insufficient_scope");
      const bank = client({ key: ingest.key, project: "bank" });
      await expectRefusal(bank.deleteTrace(unknownId), 403, "insufficient_scope");
      await expectRefusal(client({ key: ingest.key }).admin.listApiKeys(), 403, "insufficient_scope");
      const usual = await admin.createApiKey({ name: "usual" });
      expect(usual).toMatchObject({
        scopes: ["ingest", "read", "evaluate"],
        projects: null,
        revoked_at: null,
      });
      const wrong = { name: "a", scopes: ["admin" as const], projects: ["shop"] };
      await expectRefusal(admin.createApiKey(wrong), 422, "validation_error", ["body", "projects"]);
      expect((await admin.listApiKeys({ limit: 1 })).items).toMatchObject([{ id: usual.id, name: "usual" }]);
    },
  },
  {
    name: "rotates and revokes keys",
    async check(side) {
      const { admin, client } = await side.organization();
      const old = await admin.createApiKey({ name: "a", scopes: ["read"] });
      const next = await admin.rotateApiKey(old.id, { overlap_seconds: 3600 });
      expect(next).toMatchObject({ name: "a", scopes: ["read"], projects: null });
      for (const { key } of [old, next]) expect((await client({ key }).listTraces()).total).toBe(0);
      await admin.rotateApiKey(next.id, { overlap_seconds: 0 });
      await expectRefusal(client({ key: next.key }).listTraces(), 401, "invalid_credentials");
      await expectRefusal(admin.rotateApiKey(next.id), 404, "not_found");
      await admin.revokeApiKey(old.id);
      await expectRefusal(client({ key: old.key }).listTraces(), 401, "invalid_credentials");
      await expectRefusal(admin.revokeApiKey(old.id), 404, "not_found");
    },
  },
  {
    name: "shows the settings to an admin key alone",
    async check(side) {
      const { admin, client } = await side.organization();
      const settings = await admin.getSettings();
      expect(settings.providers.find(({ key }) => key === "heuristic")).toMatchObject({ available: true });
      expect(settings.projects).toMatchObject({ traces: null, monitors: 100 });
      expect(settings.retention).toEqual({ judge_answers_days: 90, audit_log_days: 365 });
      const { key } = await admin.createApiKey({ name: "usual" });
      await expectRefusal(client({ key }).admin.getSettings(), 403, "insufficient_scope");
    },
  },
  {
    name: "records who did what",
    async check(side) {
      const { admin, client } = await side.organization();
      const { key, id } = await admin.createApiKey({ name: "a" });
      const shop = client({ key, project: "shop" });
      const [trace = "", other = ""] = await storeTraces(shop, {}, {});
      await shop.deleteTrace(trace);
      await shop.deleteTraces({ trace_ids: [other, unknownId] });
      await admin.rotateApiKey(id, { overlap_seconds: 60 });
      await admin.revokeApiKey(id);
      const { items } = await admin.listAuditEvents();
      expect(items.map(({ action }) => action)).toEqual([
        "key.revoked",
        "key.rotated",
        "traces.deleted",
        "trace.deleted",
        "key.created",
      ]);
      expect(items[3]).toMatchObject({ project: "shop", subject: trace, key_id: id });
    },
  },
  {
    name: "limits the number of monitors, and how often they run",
    async check(side) {
      const { admin, client } = await side.organization();
      const shop = client({ project: "shop" });
      const monitor = (cadence: string) =>
        shop.createMonitor({ name: "a", target_type: "TRACE", metrics: ["coherence"], cadence, model });
      await expectRefusal(monitor("cron:* * * * *"), 400, "invalid_cadence", ["body", "cadence"]);
      await expectRefusal(monitor("cron:0,4 1 1 1 *"), 400, "invalid_cadence");
      expect(await monitor("cron:*/5 * * * *")).toMatchObject({ stretched_to_seconds: null });
      for (let n = 1; n < 100; n += 1) await monitor("daily");
      await expectRefusal(monitor("daily"), 429, "quota_exceeded");
      expect((await admin.getProjectUsage("shop")).monitors).toEqual({ used: 100, limit: 100 });
    },
  },
];
