import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { createRun, endedRun, runScores } from "../support/run-helpers.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { expectProblem } from "./support/expect-problem.ts";

const metrics = ["confidence"];

describe("a name that could be a path", () => {
  const model = "google_genai/x/../../../../internal/api#";

  test("cannot be sent to a provider, through any request", async () => {
    const called: string[] = [];
    const provider = createServer((request, response) => {
      called.push(request.url ?? "");
      response.end("{}");
    });
    await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void provider.close());
    const { api } = await useTestServer({
      environment: {
        GEMINI_API_KEY: "AIza-secret",
        GEMINI_BASE_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`,
        EVAL_LLM_MODEL: "heuristic/v1",
      },
    });
    const [id] = await storeTraces(api, 1, { session_id: "s" });
    const ended = await endedRun(api, (await createRun(api, { metrics })).id);
    const monitor = { name: "m", target_type: "TRACE", metrics, cadence: "daily" };
    const stored = await api.post<{ id: string }>("/evaluations/monitors", monitor);
    for (const [path, body] of [
      ["trace-runs", { metrics, model }],
      ["trace-runs/batch", { metrics, model, trace_ids: [id] }],
      ["trace-runs/estimate", { metrics, model }],
      [`trace-runs/${ended.id}/retry`, { model }],
      ["session-runs", { metrics: ["agent_reliability"], model }],
      ["session-runs/batch", { metrics: ["agent_reliability"], model, session_ids: ["s"] }],
      ["monitors", { ...monitor, model }],
    ] as const) {
      expectProblem(await api.post(`/evaluations/${path}`, body), "invalid_model_name");
    }
    expectProblem(
      await api.patch(`/evaluations/monitors/${stored.body.id}`, { model }),
      "invalid_model_name",
    );
    expect(called).toEqual([]);
  });
});

describe("a model that is not allowed", () => {
  const environment = { OPENAI_API_KEY: "sk-x", EVAL_LLM_MODEL: "heuristic/v1" };

  test("is refused, even for an older run or monitor that uses it", async () => {
    const earlier = await useTestServer({ environment, role: "api" });
    const { api } = earlier;
    await storeTraces(api, 1);
    const model = "openai/o4-mini";
    const { id } = await createRun(api, { metrics, model });
    const monitor = { name: "m", target_type: "TRACE", metrics, cadence: "daily", model };
    const { body } = await api.post<{ id: string }>("/evaluations/monitors", monitor);

    const server = await useTestServer({
      environment: {
        ...environment,
        PANDAPROBE_API_KEY: earlier.apiKey,
        JUDGE_MODELS: "openai/gpt-5.4*, heuristic/v1",
      },
      database: earlier.database,
    });
    const detail = /openai\/o4-mini.*openai\/gpt-5\.4\*, heuristic\/v1/;
    const run = server.api.post("/evaluations/trace-runs", { metrics, model });
    expectProblem(await run, "model_not_allowed", { detail });
    await endedRun(server.api, id);
    expect(await runScores(server.api, id)).toMatchObject([
      { status: "FAILED", reason: expect.stringMatching(detail) },
    ]);
    expectProblem(await server.api.post(`/evaluations/trace-runs/${id}/retry`, {}), "model_not_allowed");
    expectProblem(await server.api.post(`/evaluations/monitors/${body.id}/trigger`), "model_not_allowed");
    const again = await createRun(server.api, { metrics });
    expect(await endedRun(server.api, again.id)).toMatchObject({
      status: "COMPLETED",
      model: "heuristic/v1",
    });
  });
});
