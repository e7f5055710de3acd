import { OpenTelemetry } from "@ai-sdk/otel";
import { registerTelemetry } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { recordScenarios } from "./ai-sdk-scenarios.mjs";

registerTelemetry(new OpenTelemetry({ runtimeContext: true }));

const traced = {
  runtimeContext: { sessionId: "s-1", userId: 42, tags: ["beta"] },
  telemetry: {
    isEnabled: true,
    functionId: "support-agent",
    includeRuntimeContext: { sessionId: true, userId: true, tags: true },
  },
};

await recordScenarios({
  Model: MockLanguageModelV4,
  usage: {
    inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 5, text: 5, reasoning: 0 },
  },
  stop: { unified: "stop", raw: "stop" },
  stopForTools: { unified: "tool-calls", raw: "tool_calls" },
  options: { ...traced, instructions: "Be brief." },
});
