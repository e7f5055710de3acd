import { callsModel, type Dialect, type Kind } from "../dialect.ts";
import { isRecord } from "../json-values.ts";
import { turnOf } from "../langchain.ts";
import { toMessages } from "../messages.ts";

const spanKinds: Readonly<Record<string, Kind>> = {
  workflow: "CHAIN",
  task: "CHAIN",
  agent: "AGENT",
  tool: "TOOL",
};
const requestTypes: Readonly<Record<string, Kind>> = {
  chat: "LLM",
  completion: "LLM",
  embedding: "EMBEDDING",
  rerank: "RETRIEVER",
};

/** OpenLLMetry, which Traceloop's instrumentations write. */
export const openLlmetry: Dialect = {
  families: ["traceloop", "llm", "gen_ai"],
  kind: (attributes) =>
    attributes.word("traceloop.span.kind", spanKinds) ?? attributes.word("llm.request.type", requestTypes),
  read(attributes, _span, kind) {
    const entity = attributes.peek("traceloop.entity.name");
    if (kind === "TOOL") attributes.text("traceloop.entity.name");
    return {
      agent:
        kind === "AGENT" || kind === "CHAIN"
          ? (attributes.peek("traceloop.workflow.name") ?? entity)
          : undefined,
      tool: kind === "TOOL" ? entity : undefined,
      tokens: callsModel(kind) ? attributes.numbers(tokens) : undefined,
      tools: attributes.list("llm.request.functions"),
      asked: toMessages(attributes.list("gen_ai.prompt")),
      answered: toMessages(attributes.list("gen_ai.completion")),
      input: turnOf(inputsOf(attributes.value("traceloop.entity.input")), kind, "input"),
      output: turnOf(outputsOf(attributes.value("traceloop.entity.output")), kind, "output"),
      sessionId: attributes.id(
        "traceloop.association.properties.session_id",
        "traceloop.association.properties.thread_id",
      ),
      userId: attributes.id("traceloop.association.properties.user_id"),
    };
  },
};

/**
 * Its LangChain instrumentation wraps a step's input together with tags and settings; others wrap Python's
 * arguments.
 */
function inputsOf(value: unknown): unknown {
  if (!isRecord(value) || !isRecord(value["kwargs"])) return value;
  const { inputs, args, kwargs } = value;
  if (inputs !== undefined) return inputs;
  const positional = Array.isArray(args) ? args : [];
  const hasNamed = Object.keys(kwargs).length > 0;
  if (positional.length > 0 && hasNamed) return value;
  return hasNamed ? kwargs : positional.length > 1 ? positional : positional[0];
}

function outputsOf(value: unknown): unknown {
  return isRecord(value) && "outputs" in value && "kwargs" in value ? value["outputs"] : value;
}

const tokens = {
  prompt_tokens: ["llm.usage.prompt_tokens"],
  completion_tokens: ["llm.usage.completion_tokens"],
  total_tokens: ["llm.usage.total_tokens"],
};
