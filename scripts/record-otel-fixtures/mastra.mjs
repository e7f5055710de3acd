import { Agent } from "@mastra/core/agent";
import { Mastra } from "@mastra/core/mastra";
import { createTool } from "@mastra/core/tools";
import { Observability } from "@mastra/observability";
import { OtelBridge } from "@mastra/otel-bridge";
import { MockLanguageModelV4, simulateReadableStream } from "ai/test";
import { z } from "zod";
import { scenario } from "./recording.mjs";

const observability = new Observability({
  configs: { default: { serviceName: "fixtures", bridge: new OtelBridge() } },
});

const usage = {
  inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: 0 },
};
const stop = { unified: "stop", raw: "stop" };

const says = (text) => ({ content: [{ type: "text", text }], finishReason: stop, usage, warnings: [] });
const calls = (city) => ({
  content: [
    { type: "tool-call", toolCallId: "call_1", toolName: "get_weather", input: JSON.stringify({ city }) },
  ],
  finishReason: { unified: "tool-calls", raw: "tool_calls" },
  usage,
  warnings: [],
});

const getWeather = createTool({
  id: "get_weather",
  description: "The weather of a city.",
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => {
    if (city === "Nowhere") throw new Error("No such city.");
    return { sky: "rainy" };
  },
});

function agentOf(model) {
  const agent = new Agent({
    id: "support-agent",
    name: "support-agent",
    instructions: "Be brief.",
    model: new MockLanguageModelV4({ modelId: "fake-1", ...model }),
    maxRetries: 0,
    tools: { get_weather: getWeather },
  });
  return new Mastra({ agents: { agent }, observability, logger: false }).getAgent("agent");
}

function agent(...answers) {
  let n = 0;
  return agentOf({ doGenerate: async () => answers[n++]() });
}

const tracingOptions = { metadata: { sessionId: "s-1", userId: 42 }, tags: ["beta"] };
const options = { tracingOptions, modelSettings: { maxRetries: 0 }, maxSteps: 3 };

await scenario("tool", () =>
  agent(
    () => calls("Paris"),
    () => says("It rains in Paris."),
  ).generate("Weather in Paris?", options),
);

await scenario("tool-error", () =>
  agent(
    () => calls("Nowhere"),
    () => says("I do not know that city."),
  ).generate("Weather in Nowhere?", options),
);

await scenario("two-turns", async () => {
  const support = agent(
    () => says("It rains in Paris."),
    () => says("Take the train."),
  );
  const first = { role: "user", content: "Weather in Paris?" };
  const { text } = await support.generate([first], options);
  const second = { role: "user", content: "How do I get there?" };
  await support.generate([first, { role: "assistant", content: text }, second], options);
});

await scenario("streaming", async () => {
  const chunks = [
    { type: "stream-start", warnings: [] },
    { type: "text-start", id: "1" },
    { type: "text-delta", id: "1", delta: "It rains " },
    { type: "text-delta", id: "1", delta: "in Paris." },
    { type: "text-end", id: "1" },
    { type: "finish", finishReason: stop, usage },
  ];
  const model = { doStream: async () => ({ stream: simulateReadableStream({ chunks }) }) };
  const stream = await agentOf(model).stream("Weather in Paris?", options);
  await stream.consumeStream();
});

await scenario("exception", () =>
  agent(() => {
    throw new Error("The model is down.");
  })
    .generate("Weather in Paris?", options)
    .catch(() => undefined),
);
