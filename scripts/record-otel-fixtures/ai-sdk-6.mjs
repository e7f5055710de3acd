import { MockLanguageModelV3 } from "ai/test";
import { recordScenarios } from "./ai-sdk-scenarios.mjs";

const experimental_telemetry = {
  isEnabled: true,
  functionId: "support-agent",
  metadata: { sessionId: "s-1", userId: 42, tags: ["beta"] },
};

await recordScenarios({
  Model: MockLanguageModelV3,
  usage: {
    inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 5, text: 5, reasoning: 0 },
  },
  stop: { unified: "stop", raw: "stop" },
  stopForTools: { unified: "tool-calls", raw: "tool_calls" },
  options: { experimental_telemetry, system: "Be brief." },
});
