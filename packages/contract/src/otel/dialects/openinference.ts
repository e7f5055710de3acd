import type { AttributeReader } from "../attribute-reader.ts";
import { callsModel, type Dialect, type Kind } from "../dialect.ts";
import { isRecord, parsed } from "../json-values.ts";
import { modelMessages, turnOf } from "../langchain.ts";
import { toMessages } from "../messages.ts";

const kinds: Readonly<Record<string, Kind>> = {
  llm: "LLM",
  embedding: "EMBEDDING",
  retriever: "RETRIEVER",
  reranker: "RETRIEVER",
  tool: "TOOL",
  agent: "AGENT",
  chain: "CHAIN",
};

/** OpenInference, which Arize's instrumentations write: LangChain, LangGraph, LlamaIndex, OpenAI and many others. */
export const openInference: Dialect = {
  families: [
    "openinference",
    "llm",
    "input",
    "output",
    "retrieval",
    "reranker",
    "embedding",
    "tool",
    "session",
    "metadata",
    "tag",
    "agent",
  ],
  kind: (attributes) => attributes.word("openinference.span.kind", kinds),
  read(attributes, { status }, kind) {
    const isSilent = !attributes.has("input.value") && !attributes.has("output.value");
    const said = attributes.value("llm.invocation_parameters");
    const documents = attributes.list("retrieval.documents").map(inDocument);
    const reranked = attributes.list("reranker.output_documents").map(inDocument);
    const context = parsed(attributes.peek("metadata"));
    const about = isRecord(context) ? context : {};
    return {
      agent: kind === "AGENT" ? attributes.peek("agent.name") : undefined,
      tool: kind === "TOOL" ? attributes.text("tool.name") : undefined,
      model: attributes.text("llm.model_name", "embedding.model_name", "reranker.model_name"),
      tokens: callsModel(kind) ? attributes.numbers(tokens) : undefined,
      cost: callsModel(kind) ? attributes.numbers(costs) : undefined,
      parameters: { ...attributes.below("llm.request.parameters."), ...(isRecord(said) ? said : {}) },
      tools: attributes.list("llm.tools").map(declaredTool),
      asked: messages(attributes, "input", kind),
      answered: messages(attributes, "output", kind),
      input: content(attributes, "input", kind) ?? attributes.value("reranker.query"),
      output: [documents, reranked].find((list) => list.length > 0) ?? content(attributes, "output", kind),
      sessionId: attributes.id("session.id") ?? first(about, ["session_id", "thread_id", "conversation_id"]),
      userId: attributes.id("user.id") ?? first(about, ["user_id"]),
      tags: attributes.texts("tag.tags"),
      // The run of an OpenAI agent is always OK.
      isFrame: (kind === "AGENT" || kind === "CHAIN") && isSilent && status.code === okStatus,
    };
  },
};

/** From OpenTelemetry. */
const okStatus = 1;

function messages(attributes: AttributeReader, side: "input" | "output", kind: Kind): readonly unknown[] {
  const written = toMessages(attributes.list(`llm.${side}_messages`));
  const own = kind === "LLM" ? modelMessages(parsed(attributes.peek(`${side}.value`)), side) : [];
  return own.length > 0 ? own : written;
}

function content(attributes: AttributeReader, side: "input" | "output", kind: Kind): unknown {
  const type = attributes.text(`${side}.mime_type`);
  const value = type === "text/plain" ? attributes.raw(`${side}.value`) : attributes.value(`${side}.value`);
  return turnOf(value, kind, side);
}

/** LangChain's instrumentation writes the run's configuration as metadata. */
function first(about: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  const value = names.map((name) => about[name]).find((each) => each !== undefined && each !== null);
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function inDocument(item: unknown): unknown {
  return isRecord(item) ? (item["document"] ?? item) : item;
}

function declaredTool(item: unknown): unknown {
  const tool = isRecord(item) ? item["tool"] : undefined;
  return isRecord(tool) ? tool["json_schema"] : item;
}

const tokens = {
  prompt_tokens: ["llm.token_count.prompt"],
  completion_tokens: ["llm.token_count.completion"],
  total_tokens: ["llm.token_count.total"],
  cache_read_tokens: ["llm.token_count.prompt_details.cache_read"],
  cache_creation_tokens: ["llm.token_count.prompt_details.cache_write"],
  reasoning_tokens: ["llm.token_count.completion_details.reasoning"],
};

const costs = {
  total: ["llm.cost.total"],
  prompt: ["llm.cost.prompt"],
  completion: ["llm.cost.completion"],
};
