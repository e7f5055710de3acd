import type { EvalRunTemplate, MetricSummary, ProviderInfo } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { createRun } from "../support/run-helpers.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTrace } from "../support/traces.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const metricNames = [
  "task_completion",
  "tool_correctness",
  "argument_correctness",
  "step_efficiency",
  "confidence",
  "plan_adherence",
  "plan_quality",
  "coherence",
];

describe("GET /evaluations/trace-metrics", () => {
  test("lists the eight metrics that run on a trace alone, and nothing but their names", async () => {
    const { body } = await server.project().get<MetricSummary[]>("/evaluations/trace-metrics");
    expect(body.map(({ name }) => name)).toEqual(metricNames);
    for (const metric of body) {
      expect(Object.keys(metric).sort()).toEqual(["category", "description", "name"]);
      expect(metric.category).toBe("trace");
      expect(metric.description).toMatch(/^[A-Z].+\.$/);
    }
  });
});

describe("GET /evaluations/providers", () => {
  test("says what is missing for each provider", async () => {
    const { body } = await server.project().get<ProviderInfo[]>("/evaluations/providers");
    expect(body.map(({ key }) => key)).toEqual([
      "openai",
      "anthropic",
      "google_genai",
      "vertex_ai",
      "heuristic",
    ]);
    const missing = {
      openai: "OPENAI_API_KEY",
      anthropic: "ANTHROPIC_API_KEY",
      google_genai: "GEMINI_API_KEY",
      vertex_ai: "GOOGLE_CLOUD_PROJECT",
    };
    for (const [key, variable] of Object.entries(missing)) {
      const provider = body.find((row) => row.key === key);
      expect(provider).toMatchObject({ available: false, message: expect.stringContaining(variable) });
    }
    expect(body.at(-1)).toMatchObject({ key: "heuristic", available: true });
  });
});

describe("GET /evaluations/trace-runs/template", () => {
  const template = (metric: string) =>
    server
      .project()
      .get<EvalRunTemplate>(`/evaluations/trace-runs/template?metric=${encodeURIComponent(metric)}`);

  test.each(metricNames)("returns a request for %s", async (name) => {
    const { status, body } = await template(name);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      metric: { name, category: "trace", default_threshold: 0.5 },
      filters: {},
      sampling_rate: 1,
      model: "heuristic/v1",
    });
    expect(body.metric.prompt_preview.length > 0).toBe(name !== "coherence");
    for (const { stage, prompt } of body.metric.prompt_preview) {
      expect(stage).toMatch(/^[a-z_]+$/);
      expect(prompt.length).toBeGreaterThan(100);
    }
  });

  test("is a valid request", async () => {
    const { body } = await template("coherence");
    const api = server.project();
    await storeTrace(api);
    const { filters, sampling_rate, model } = body;
    const run = await createRun(api, { metrics: [body.metric.name], filters, sampling_rate, model });
    expect(run).toMatchObject({ filters: {}, sampling_rate: 1, model: "heuristic/v1" });
  });

  test.each(["quality", "", "constructor", "loop_detection", "agent_reliability"])(
    "refuses %j",
    async (name) => {
      expectProblem(await template(name), "unknown_metric");
    },
  );

  test("requires a metric", async () => {
    const api = server.project();
    expectProblem(await api.get("/evaluations/trace-runs/template"), "validation_error", {
      loc: ["query", "metric"],
    });
    expectProblem(
      await api.get("/evaluations/trace-runs/template?metric=coherence&metric=coherence"),
      "validation_error",
    );
  });
});

describe("with providers configured", () => {
  test("models are resolved and named in the answer", async () => {
    const { api } = await useTestServer({
      role: "api",
      environment: { ANTHROPIC_API_KEY: "sk-test", EVAL_LLM_MODEL: "claude-test" },
    });
    await storeTrace(api);
    const metrics = ["confidence"];
    expect(await createRun(api, { metrics })).toMatchObject({ model: "anthropic/claude-test" });
    expect(await createRun(api, { metrics, model: null })).toMatchObject({ model: "anthropic/claude-test" });
    expect(await createRun(api, { metrics, model: "claude-other" })).toMatchObject({
      model: "anthropic/claude-other",
    });
    const path = "/evaluations/trace-runs";
    expectProblem(await api.post(path, { metrics, model: "gpt-5.4" }), "provider_not_configured");
    // Coherence needs embeddings, which Anthropic does not have.
    expectProblem(await api.post(path, { metrics: ["coherence"] }), "embedding_model_not_configured", {
      detail: /EVAL_EMBEDDING_MODEL/,
    });
    const { body } = await api.get<ProviderInfo[]>("/evaluations/providers");
    expect(body.filter(({ available }) => available).map(({ key }) => key)).toEqual([
      "anthropic",
      "heuristic",
    ]);
    expect(JSON.stringify(body)).not.toContain("sk-test");
  });
});
