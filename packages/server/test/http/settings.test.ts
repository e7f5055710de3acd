import { keyScopes, type ServerSettings } from "@pandaprobe/contract";
import { expect, test } from "vitest";
import { useTestServer } from "../support/test-server.ts";
import { addKey } from "./support/add-key.ts";
import { expectProblem } from "./support/expect-problem.ts";

test("settings are those of the variables, without secrets", async () => {
  const secrets = {
    OPENAI_API_KEY: "sk-openai-secret",
    OPENAI_BASE_URL: "http://gateway-secret.example:9/v1",
    GEMINI_API_KEY: "gemini-secret",
  };
  const server = await useTestServer({
    role: "api",
    environment: {
      ...secrets,
      EVAL_LLM_MODEL: "openai/gpt-5.4-mini",
      JUDGE_MODELS: "openai/*,heuristic/v1",
      JUDGE_PRICES: JSON.stringify({
        "openai/gpt-5.4-mini": { input_usd_per_mtok: 1, output_usd_per_mtok: 2 },
        "gemini/own": { input_usd_per_mtok: 3 },
      }),
      JUDGE_LIMITS: JSON.stringify({ openai: { concurrency: 8 }, "gemini/own": { tokens_per_minute: 90 } }),
      QUOTA_USD_PER_DAY: "2.5",
      QUOTA_MONITORS: "0",
      RATE_LIMIT_REQUESTS_PER_MINUTE: "0",
      EVAL_CALL_TIMEOUT_SECONDS: "30",
      JUDGE_ANSWERS_KEPT_DAYS: "7",
    },
  });
  expectProblem(await server.api.get("/settings"), "insufficient_scope");
  const admin = server.api.as({
    apiKey: await addKey(server.database.url, "default", { scopes: keyScopes, projects: null }),
  });
  const { status, body } = await admin.get<ServerSettings>("/settings");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    judge: {
      model: "openai/gpt-5.4-mini",
      embedding_model: "openai/text-embedding-3-small",
      allowed_models: ["openai/*", "heuristic/v1"],
      call_timeout_seconds: 30,
    },
    model_limits: [
      { model: "openai", concurrency: 8, requests_per_minute: null, tokens_per_minute: null },
      { model: "google_genai/own", concurrency: null, tokens_per_minute: 90 },
    ],
    requests: { requests_per_minute: null, body_bytes: 10_485_760 },
    projects: { usd_per_day: 2.5, monitors: null, traces: null, monitor_gap_seconds: 300 },
    retention: { judge_answers_days: 7, audit_log_days: 365 },
  });
  const states = body.providers.map(({ key, available, message }) => [key, available, message]);
  expect(states).toContainEqual(["openai", true, "Configured."]);
  expect(states).toContainEqual(["anthropic", false, "Set ANTHROPIC_API_KEY."]);
  const prices = new Map(body.prices.map(({ model, ...price }) => [model, price]));
  expect(prices.get("openai/gpt-5.4-mini")).toEqual({
    input_usd_per_mtok: 1,
    output_usd_per_mtok: 2,
    is_configured: true,
  });
  expect(prices.get("google_genai/own")).toMatchObject({ input_usd_per_mtok: 3, output_usd_per_mtok: 0 });
  expect(prices.get("openai/gpt-5.4")).toMatchObject({ is_configured: false });
  expect(body.prices).toHaveLength(prices.size);
  const text = JSON.stringify(body);
  for (const secret of ["secret", "127.0.0.1", server.database.url, server.apiKey])
    expect(text).not.toContain(secret);
});

test("without a provider that has embeddings, there is no embedding model", async () => {
  const server = await useTestServer({ role: "api", environment: { ANTHROPIC_API_KEY: "a" } });
  const admin = server.api.as({
    apiKey: await addKey(server.database.url, "default", { scopes: keyScopes, projects: null }),
  });
  const { judge } = (await admin.get<ServerSettings>("/settings")).body;
  expect(judge).toMatchObject({ model: expect.stringMatching(/^anthropic\//), embedding_model: null });
});
