import type { AttributeReader } from "../attribute-reader.ts";
import { callsModel, type Dialect, type Kind } from "../dialect.ts";
import { eventMessages } from "../event-messages.ts";
import { parsed } from "../json-values.ts";
import { isEmptyAnswer, systemMessages, toMessages } from "../messages.ts";
import type { OtelAttributes } from "../otel-span.ts";

const operations: Readonly<Record<string, Kind>> = {
  chat: "LLM",
  text_completion: "LLM",
  generate_content: "LLM",
  embeddings: "EMBEDDING",
  retrieval: "RETRIEVER",
  search_memory: "RETRIEVER",
  execute_tool: "TOOL",
  create_agent: "AGENT",
  invoke_agent: "AGENT",
  invoke_workflow: "CHAIN",
  plan: "CHAIN",
  // The AI SDK's.
  agent_step: "CHAIN",
};

/** OpenTelemetry's GenAI semantic conventions: the current ones, and those up to 1.36 with their events. */
export const genAi: Dialect = {
  kind: (attributes) => attributes.word("gen_ai.operation.name", operations),
  read(attributes, { attributes: raw, events }, kind) {
    const fromEvents = eventMessages(events);
    const asked = toMessages(attributes.value("gen_ai.input.messages"));
    const answered = toMessages(attributes.value("gen_ai.output.messages")).filter(
      (message) => !(isEmptyAnswer(message) && hasFailed(raw)),
    );
    const definitions = attributes.value("gen_ai.tool.definitions");
    const seconds = attributes.number(
      "gen_ai.response.time_to_first_chunk",
      "gen_ai.client.operation.time_to_first_chunk",
      "gen_ai.server.time_to_first_token",
    );
    return {
      agent: agentName(attributes, kind),
      tool: kind === "TOOL" ? attributes.text("gen_ai.tool.name") : undefined,
      // The model that responded is more specific than the requested one, which stays in the parameters.
      model: attributes.text("gen_ai.response.model", "gen_ai.request.model"),
      tokens: callsModel(kind) ? attributes.numbers(tokens) : undefined,
      cost: callsModel(kind) ? attributes.numbers({ total: ["gen_ai.usage.cost"] }) : undefined,
      parameters: attributes.below("gen_ai.request."),
      tools: Array.isArray(definitions) ? definitions : undefined,
      system: systemMessages(attributes.value("gen_ai.system_instructions")),
      asked: asked.length > 0 ? asked : fromEvents.input,
      answered: answered.length > 0 ? answered : fromEvents.output,
      input: attributes.firstValue(
        "gen_ai.tool.call.arguments",
        "gen_ai.retrieval.query.text",
        "gen_ai.memory.query.text",
      ),
      output: attributes.firstValue(
        "gen_ai.tool.call.result",
        "gen_ai.retrieval.documents",
        "gen_ai.memory.records",
      ),
      sessionId: attributes.id("gen_ai.conversation.id"),
      userId: attributes.id("user.id", "enduser.id"),
      firstTokenMs: seconds === undefined ? undefined : seconds * 1000,
    };
  },
};

function hasFailed(attributes: OtelAttributes): boolean {
  const reasons = parsed(attributes["gen_ai.response.finish_reasons"]);
  return Array.isArray(reasons) && reasons.includes("error");
}

/** Other spans name the agent that they are part of, which their trace need not be named after. */
function agentName(attributes: AttributeReader, kind: Kind): string | undefined {
  if (kind === "AGENT") return attributes.peek("gen_ai.agent.name");
  return kind === "CHAIN" ? attributes.peek("gen_ai.workflow.name") : undefined;
}

const tokens = {
  prompt_tokens: ["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"],
  completion_tokens: ["gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"],
  total_tokens: ["gen_ai.usage.total_tokens"],
  cache_read_tokens: ["gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens"],
  cache_creation_tokens: [
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
  ],
  reasoning_tokens: ["gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens"],
};
