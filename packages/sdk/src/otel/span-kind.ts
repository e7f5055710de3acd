import type { SpanKind } from "@pandaprobe/sdk";
import type { AttributeReader } from "./attribute-reader.ts";

/** The attributes that name a span's kind, and their vocabularies. The first known word wins. */
const vocabularies: Readonly<Record<string, Readonly<Record<string, SpanKind>>>> = {
  // OpenTelemetry's GenAI conventions.
  "gen_ai.operation.name": {
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
  },
  // OpenInference.
  "openinference.span.kind": {
    llm: "LLM",
    embedding: "EMBEDDING",
    retriever: "RETRIEVER",
    reranker: "RETRIEVER",
    tool: "TOOL",
    agent: "AGENT",
    chain: "CHAIN",
  },
  // OpenLLMetry.
  "traceloop.span.kind": { workflow: "CHAIN", task: "CHAIN", agent: "AGENT", tool: "TOOL" },
  "llm.request.type": { chat: "LLM", completion: "LLM", embedding: "EMBEDDING", rerank: "RETRIEVER" },
  // The AI SDK: its own operations, and the model calls in them.
  "ai.operationId": {
    "ai.generatetext": "AGENT",
    "ai.streamtext": "AGENT",
    "ai.generateobject": "CHAIN",
    "ai.streamobject": "CHAIN",
    "ai.embed": "CHAIN",
    "ai.embedmany": "CHAIN",
    "ai.generatetext.dogenerate": "LLM",
    "ai.streamtext.dostream": "LLM",
    "ai.generateobject.dogenerate": "LLM",
    "ai.streamobject.dostream": "LLM",
    "ai.embed.doembed": "EMBEDDING",
    "ai.embedmany.doembed": "EMBEDDING",
    "ai.toolcall": "TOOL",
  },
};

export function spanKind(attributes: AttributeReader): SpanKind {
  const kinds = Object.entries(vocabularies).map(([name, words]) => attributes.word(name, words));
  return (
    kinds.find((kind) => kind !== undefined) ?? (attributes.has("gen_ai.request.model") ? "LLM" : "OTHER")
  );
}
