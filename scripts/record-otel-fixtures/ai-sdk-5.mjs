import { MockLanguageModelV2 } from "ai/test";
import { recordScenarios } from "./ai-sdk-scenarios.mjs";

const experimental_telemetry = {
  isEnabled: true,
  functionId: "support-agent",
  metadata: { sessionId: "s-1", userId: 42, tags: ["beta"] },
};

await recordScenarios({
  Model: MockLanguageModelV2,
  usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 },
  stop: "stop",
  stopForTools: "tool-calls",
  options: { experimental_telemetry, system: "Be brief." },
});
