import { generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";
import { simulateReadableStream } from "ai/test";
import { scenario } from "./recording.mjs";

const getWeather = tool({
  description: "The weather of a city.",
  inputSchema: jsonSchema({ type: "object", properties: { city: { type: "string" } } }),
  execute: async ({ city }) => {
    if (city === "Nowhere") throw new Error("No such city.");
    return { sky: "rainy" };
  },
});

/**
 * Records the scenarios with the AI SDK that is installed.
 *
 * @param version what differs between versions: the mocked `Model`, the form of its `usage` and of the reasons to `stop`, and the
 * `options` of each call.
 */
export async function recordScenarios({ Model, usage, stop, stopForTools, options }) {
  const says = (text) => ({ content: [{ type: "text", text }], finishReason: stop, usage, warnings: [] });
  const calls = (city) => ({
    content: [
      { type: "tool-call", toolCallId: "call_1", toolName: "get_weather", input: JSON.stringify({ city }) },
    ],
    finishReason: stopForTools,
    usage,
    warnings: [],
  });

  function agent(...answers) {
    let n = 0;
    return {
      model: new Model({ modelId: "fake-1", doGenerate: async () => answers[n++]() }),
      tools: { get_weather: getWeather },
      stopWhen: stepCountIs(3),
      maxRetries: 0,
      ...options,
    };
  }

  await scenario("tool", () =>
    generateText({
      ...agent(
        () => calls("Paris"),
        () => says("It rains in Paris."),
      ),
      prompt: "Weather in Paris?",
    }),
  );

  await scenario("tool-error", () =>
    generateText({
      ...agent(
        () => calls("Nowhere"),
        () => says("I do not know that city."),
      ),
      prompt: "Weather in Nowhere?",
    }),
  );

  await scenario("two-turns", async () => {
    const first = { role: "user", content: "Weather in Paris?" };
    const { text } = await generateText({ ...agent(() => says("It rains in Paris.")), messages: [first] });
    const second = { role: "user", content: "How do I get there?" };
    const messages = [first, { role: "assistant", content: text }, second];
    await generateText({ ...agent(() => says("Take the train.")), messages });
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
    const model = new Model({
      modelId: "fake-1",
      doStream: async () => ({ stream: simulateReadableStream({ chunks }) }),
    });
    await streamText({ ...agent(), model, prompt: "Weather in Paris?" }).consumeStream();
  });

  await scenario("exception", () =>
    generateText({
      ...agent(() => {
        throw new Error("The model is down.");
      }),
      prompt: "Weather in Paris?",
    }).catch(() => undefined),
  );
}
