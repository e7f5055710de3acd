import { LangChainInstrumentation } from "@arizeai/openinference-instrumentation-langchain";
import * as callbacks from "@langchain/core/callbacks/manager";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import { scenario } from "./recording.mjs";

new LangChainInstrumentation().manuallyInstrument(callbacks);

class FakeModel extends BaseChatModel {
  #answers;
  constructor(answers) {
    super({});
    this.#answers = [...answers];
  }
  _llmType() {
    return "fake";
  }
  bindTools() {
    return this;
  }
  async _generate() {
    const message = this.#answers.shift()();
    return { generations: [{ message, text: message.content }] };
  }
}

class StreamingModel extends FakeModel {
  async *_streamResponseChunks(_messages, _options, manager) {
    for (const text of ["It rains ", "in Paris."]) {
      yield new ChatGenerationChunk({ text, message: new AIMessageChunk(text) });
      await manager?.handleLLMNewToken(text);
    }
  }
}

const says = (text) => () => new AIMessage(text);
const calls = (city) => () =>
  new AIMessage({
    content: "",
    tool_calls: [{ id: "call_1", name: "get_weather", args: { city }, type: "tool_call" }],
  });

const getWeather = tool(
  async ({ city }) => {
    if (city === "Nowhere") throw new Error("No such city.");
    return { sky: "rainy" };
  },
  {
    name: "get_weather",
    description: "The weather of a city.",
    schema: { type: "object", properties: { city: { type: "string" } } },
  },
);

const agent = (llm) =>
  createReactAgent({ llm, tools: [getWeather], checkpointer: new MemorySaver(), name: "support-agent" });
const config = { configurable: { thread_id: "s-1" }, metadata: { user_id: 42 } };
const asks = (content) => ({ messages: [{ role: "user", content }] });

await scenario("tool", () =>
  agent(new FakeModel([calls("Paris"), says("It rains in Paris.")])).invoke(
    asks("Weather in Paris?"),
    config,
  ),
);

await scenario("tool-error", () =>
  agent(new FakeModel([calls("Nowhere"), says("I do not know that city.")])).invoke(
    asks("Weather in Nowhere?"),
    config,
  ),
);

await scenario("two-turns", async () => {
  const support = agent(new FakeModel([says("It rains in Paris."), says("Take the train.")]));
  await support.invoke(asks("Weather in Paris?"), config);
  await support.invoke(asks("How do I get there?"), config);
});

await scenario("streaming", async () => {
  const stream = await agent(new StreamingModel([])).stream(asks("Weather in Paris?"), {
    ...config,
    streamMode: "messages",
  });
  for await (const _ of stream);
});

await scenario("exception", () =>
  agent(
    new FakeModel([
      () => {
        throw new Error("The model is down.");
      },
    ]),
  )
    .invoke(asks("Weather in Paris?"), config)
    .catch(() => undefined),
);
