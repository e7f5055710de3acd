import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import type { Behaviour } from "./side.ts";

export const catalogue: readonly Behaviour[] = [
  {
    name: "lists the metrics",
    async check(side) {
      const client = side.client();
      const traceMetrics = await client.listTraceMetrics();
      expect(traceMetrics.map(({ name, description }) => [name, description])).toEqual([
        ["task_completion", "Evaluates whether the agent accomplished the user's stated objective."],
        ["tool_correctness", "Evaluates whether the agent selected appropriate tools for the task."],
        [
          "argument_correctness",
          "Evaluates whether the agent passed correct arguments to the tools it called.",
        ],
        [
          "step_efficiency",
          "Evaluates whether the agent worked without redundant, duplicate, speculative or verbose steps.",
        ],
        ["confidence", "Evaluates how decisively, appropriately and consistently the agent acted."],
        [
          "plan_adherence",
          "Evaluates whether the agent carried out the steps it had planned, in order and without extras.",
        ],
        [
          "plan_quality",
          "Evaluates whether the agent's plan was complete, coherent, efficient, concrete and fit for the task.",
        ],
        ["coherence", "Evaluates how close in meaning the agent's answer is to the question."],
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
    name: "lists the providers",
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
    name: "serves its health, metrics and documentation without a key",
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
