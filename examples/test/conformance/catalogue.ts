import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import type { Behaviour } from "./side.ts";

export const catalogue: readonly Behaviour[] = [
  {
    name: "tells which metrics there are",
    async check(side) {
      const client = side.client();
      const traceMetrics = await client.listTraceMetrics();
      expect(traceMetrics.map(({ name }) => name)).toEqual([
        "task_completion",
        "tool_correctness",
        "argument_correctness",
        "step_efficiency",
        "confidence",
        "plan_adherence",
        "plan_quality",
        "coherence",
      ]);
      expect(new Set(traceMetrics.map(({ category }) => category))).toEqual(new Set(["trace"]));
      expect(await client.listSessionMetrics()).toEqual([
        {
          name: "agent_reliability",
          description: "Evaluates worst-case failure risk across a session.",
          category: "session",
        },
        {
          name: "agent_consistency",
          description: "Evaluates overall stability across a session.",
          category: "session",
        },
      ]);
      expect(await client.getTraceRunTemplate("task_completion")).toMatchObject({
        metric: { ...traceMetrics[0], default_threshold: 0.5 },
        filters: {},
        sampling_rate: 1,
        model: expect.stringMatching(/^\w+\/.+/),
      });
      await expectRefusal(client.getTraceRunTemplate("agent_reliability"), 400, "unknown_metric");
    },
  },
  {
    name: "tells which providers there are",
    async check(side) {
      const providers = await side.client().listProviders();
      expect(providers.map(({ key, available }) => [key, available])).toEqual([
        ["openai", true],
        ["anthropic", false],
        ["google_genai", false],
        ["vertex_ai", false],
        ["heuristic", true],
      ]);
    },
  },
  {
    name: "says how it is, and what it can do, to anybody",
    async check(side) {
      expect(await side.client().getHealth()).toEqual({ status: "ok" });
      expect(await side.client().getReadiness()).toEqual({ status: "ok" });
      const headers = { "x-api-key": null, "x-project-name": null };
      const types = await Promise.all(
        ["/metrics", "/docs", "/openapi.json"].map(async (path) => {
          const answer = await side.send({ method: "GET", path, headers });
          return [answer.status, answer.headers.get("content-type")?.split(";")[0]];
        }),
      );
      expect(types).toEqual([
        [200, "text/plain"],
        [200, "text/html"],
        [200, "application/json"],
      ]);
    },
  },
];
