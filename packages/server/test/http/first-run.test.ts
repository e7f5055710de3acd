import type { EvalRunResponse, TraceScoreResponse } from "@pandaprobe/contract";
import { expect, test } from "vitest";
import { useTestServer } from "../support/test-server.ts";
import { waitUntil } from "../support/wait-until.ts";

test("a trace goes in, a run judges it, and its scores come out", async () => {
  const { api } = await useTestServer();
  const trace = await api.post<{ trace_id: string }>("/traces", {
    name: "weather",
    input: "What is the weather in Oslo?",
    output: "It is raining in Oslo.",
    started_at: "2026-03-01T09:00:00Z",
  });
  expect(trace.status).toBe(202);
  const created = await api.post<EvalRunResponse>("/evaluations/trace-runs", {
    metrics: ["task_completion", "coherence"],
  });
  expect(created.body).toMatchObject({ status: "PENDING", total_traces: 1, model: "heuristic/v1" });
  expect(created.status).toBe(202);
  const run = await waitUntil(async () => {
    const { body } = await api.get<EvalRunResponse>(`/evaluations/trace-runs/${created.body.id}`);
    return body.status === "COMPLETED" && body;
  });
  expect(run).toMatchObject({ evaluated_count: 1, failed_count: 0 });
  const scores = await api.get<TraceScoreResponse[]>(`/evaluations/trace-runs/${run.id}/scores`);
  expect(scores.body.map((score) => score.name).sort()).toEqual(["coherence", "task_completion"]);
  expect(scores.body.every((score) => score.status === "SUCCESS")).toBe(true);
});
