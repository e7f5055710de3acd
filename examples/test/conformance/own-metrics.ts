import type { MetricDefinition, TryMetricRequest } from "@pandaprobe/sdk/metrics";
import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { judge, model, storeTrace, unknownId } from "./samples.ts";
import type { Behaviour } from "./side.ts";

const checklist: MetricDefinition = {
  kind: "checklist",
  criteria: [{ id: "polite", question: "Was the agent polite?", required: true }],
  threshold: 0.8,
};

export const ownMetrics: readonly Behaviour[] = [
  {
    name: "stores a project's own metric, with its versions",
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
    name: "evaluates a project's own metric like a built-in one",
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
  {
    name: "tries a metric on a few traces, and stores no score",
    async check(side) {
      const client = side.client();
      const { metrics } = client;
      const trace = await storeTrace(client, { output: "Was the agent polite?", session_id: "chat" });
      const tried = await metrics.tryMetric("polite", {
        trace_ids: [trace, trace],
        definition: checklist,
        model,
      });
      expect(tried).toMatchObject({ name: "polite", version: 0, model });
      expect(tried.results).toMatchObject([
        {
          trace_id: trace,
          session_id: null,
          status: "SUCCESS",
          metadata: { metric_version: 0, threshold: 0.8 },
        },
      ]);
      await expectRefusal(metrics.getMetric("polite"), 404, "not_found");
      expect((await client.listTraceScores()).items).toEqual([]);

      await metrics.putMetric("fast", { kind: "latency", max_ms: 5 });
      await metrics.putMetric("fast", { kind: "latency", max_ms: 5000 });
      const latest = await metrics.tryMetric("fast", { trace_ids: [trace] });
      expect([latest.version, latest.model]).toEqual([2, null]);
      expect((await metrics.tryMetric("fast", { trace_ids: [trace], version: 1 })).version).toBe(1);
      const session = {
        session_ids: ["chat"],
        definition: { ...checklist, target: "SESSION" as const },
        model,
      };
      expect((await metrics.tryMetric("polite", session)).results).toMatchObject([
        { trace_id: null, session_id: "chat" },
      ]);
      const builtIn = await metrics.tryMetric("confidence", { trace_ids: [trace], model });
      expect([builtIn.version, builtIn.model]).toEqual([null, model]);
    },
  },
  {
    name: "refuses to try what it cannot judge",
    async check(side) {
      const client = side.client();
      const { metrics } = client;
      const traces = { trace_ids: [await storeTrace(client)] };
      const draft = { ...traces, definition: checklist };
      await expectRefusal(metrics.tryMetric("polite", traces), 404, "not_found");
      await expectRefusal(
        metrics.tryMetric("polite", { ...draft, trace_ids: [unknownId] }),
        404,
        "not_found",
        ["body", "trace_ids"],
      );
      await metrics.putMetric("polite", checklist);
      await expectRefusal(metrics.tryMetric("polite", { ...traces, version: 2 }), 404, "not_found");
      await expectRefusal(metrics.tryMetric("agent_reliability", traces), 400, "unknown_metric");
      const invalid = (body: TryMetricRequest, loc: (string | number)[], name = "polite") =>
        expectRefusal(metrics.tryMetric(name, body), 422, "validation_error", loc);
      await invalid(draft, ["path", "name"], "coherence");
      await invalid({ definition: checklist }, ["body", "trace_ids"]);
      await invalid({ definition: checklist, session_ids: ["chat"] }, ["body", "session_ids"]);
      await invalid({ ...draft, version: 1 }, ["body", "version"]);
      await expectRefusal(
        metrics.tryMetric("polite", { ...traces, model: "unknown/x" }),
        400,
        "unknown_model_provider",
      );
    },
  },
  {
    name: "asks the judge that a definition names, unless the run names one",
    async check(side) {
      const client = side.client();
      const trace_ids = [await storeTrace(client)];
      await client.metrics.putMetric("strict", { ...checklist, model: judge });
      await client.metrics.putMetric("usual", checklist);
      const judges = async (metrics: string[], fields: { model?: string } = {}) => {
        const { run, scores } = await client.evaluateTraces({ metrics, trace_ids, ...fields });
        return [run.model, ...scores.map(({ name, metadata }) => `${name}: ${metadata["model"]}`).sort()];
      };
      expect(await judges(["strict"])).toEqual([judge, `strict: ${judge}`]);
      expect(await judges(["strict", "usual"], { model })).toEqual([
        model,
        `strict: ${model}`,
        `usual: ${model}`,
      ]);
      expect((await client.metrics.tryMetric("strict", { trace_ids })).model).toBe(judge);
      expect((await client.getTraceRunTemplate("strict")).model).toBe(judge);
      const put = (name: string) => client.metrics.putMetric("wrong", { ...checklist, model: name });
      await expectRefusal(put("unknown/x"), 400, "unknown_model_provider");
      await expectRefusal(put("anthropic/x"), 422, "provider_not_configured");
      const run = { metrics: ["strict", "usual"], max_cost_usd: 1 };
      await expectRefusal(client.createTraceRun(run), 422, "price_unknown");
    },
  },
];
