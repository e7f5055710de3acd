import type { MetricDefinition } from "@pandaprobe/sdk/metrics";
import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { model, storeTrace } from "./samples.ts";
import type { Behaviour } from "./side.ts";

const checklist: MetricDefinition = {
  kind: "checklist",
  criteria: [{ id: "polite", question: "Was the agent polite?", required: true }],
  threshold: 0.8,
};

export const ownMetrics: readonly Behaviour[] = [
  {
    name: "stores a metric of one's own, with its versions",
    async check(side) {
      const { metrics } = side.client();
      await expectRefusal(metrics.getMetric("polite"), 404, "not_found");
      const first = await metrics.putMetric("polite", checklist);
      expect(first).toMatchObject({ name: "polite", version: 1, built_in: false, default_threshold: 0.8 });
      expect(await metrics.putMetric("polite", { ...checklist })).toEqual(first);
      expect(await metrics.putMetric("polite", { ...checklist, cap: 0.4 })).toMatchObject({
        version: 2,
        created_at: first.created_at,
      });
      await metrics.putMetric("a-session", { ...checklist, target: "SESSION" });
      const { items, total } = await metrics.listMetricVersions("polite", { limit: 1 });
      expect([items.map(({ version }) => version), total]).toEqual([[2], 2]);
      const all = await metrics.listMetrics();
      expect(all.slice(-2).map(({ name, category }) => [name, category])).toEqual([
        ["a-session", "session"],
        ["polite", "trace"],
      ]);
      expect(await metrics.getMetric("coherence")).toMatchObject({ built_in: true, definition: null });
      expect(await metrics.deleteMetric("polite")).toBeUndefined();
      await expectRefusal(metrics.deleteMetric("polite"), 404, "not_found");
      await expectRefusal(metrics.listMetricVersions("polite"), 404, "not_found");
      expect((await metrics.putMetric("polite", checklist)).version).toBe(3);
    },
  },
  {
    name: "refuses definitions that cannot work",
    async check(side) {
      const { metrics } = side.client();
      const refused = (name: string, definition: MetricDefinition, loc: (string | number)[]) =>
        expectRefusal(metrics.putMetric(name, definition), 422, "validation_error", loc);
      await refused("coherence", checklist, ["path", "name"]);
      await refused("Nice", checklist, ["path", "name"]);
      await refused("a", { ...checklist, criteria: [] }, ["body", "criteria"]);
      await refused("a", { ...checklist, criteria: [{ id: "a", question: "?", weight: 0 }] }, [
        "body",
        "criteria",
      ]);
      await refused("a", { kind: "contains" }, ["body", "values"]);
    },
  },
  {
    name: "evaluates a metric of one's own like a built-in one",
    async check(side) {
      const client = side.client();
      const trace = await storeTrace(client, { output: "Was the agent polite?" });
      await client.metrics.putMetric("polite", checklist);
      const { run, scores } = await client.evaluateTraces({ metrics: ["polite"], model, trace_ids: [trace] });
      expect(run.metric_versions).toEqual({ polite: 1 });
      expect(scores).toMatchObject([{ name: "polite", metadata: { metric_version: 1, threshold: 0.8 } }]);
      const template = await client.getTraceRunTemplate("polite");
      expect(template.metric).toMatchObject({ name: "polite", default_threshold: 0.8 });
      const monitor = {
        name: "a",
        target_type: "TRACE" as const,
        metrics: ["polite"],
        cadence: "daily",
        model,
      };
      expect((await client.createMonitor(monitor)).metric_names).toEqual(["polite"]);
      await expectRefusal(
        client.createMonitor({ ...monitor, target_type: "SESSION" }),
        400,
        "unknown_metric",
      );
      await client.metrics.deleteMetric("polite");
      await expectRefusal(client.createTraceRun({ metrics: ["polite"] }), 400, "unknown_metric");
    },
  },
];
