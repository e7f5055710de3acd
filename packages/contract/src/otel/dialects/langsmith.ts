import type { AttributeReader } from "../attribute-reader.ts";
import { callsModel, type Dialect, type Kind } from "../dialect.ts";
import { isRecord } from "../json-values.ts";
import { turnOf } from "../langchain.ts";

const kinds: Readonly<Record<string, Kind>> = {
  llm: "LLM",
  chat: "LLM",
  embedding: "EMBEDDING",
  retriever: "RETRIEVER",
  tool: "TOOL",
  agent: "AGENT",
  chain: "CHAIN",
  prompt: "CHAIN",
  parser: "CHAIN",
};

/** LangSmith's exporter for OpenTelemetry. Inputs and outputs are JSON, in the form of LangChain's runs. */
export const langSmith: Dialect = {
  families: ["langsmith", "gen_ai"],
  kind: (attributes) => attributes.word("langsmith.span.kind", kinds),
  read(attributes, _span, kind) {
    const usage = attributes.value("langsmith.usage_metadata");
    const metadata = (name: string) => `langsmith.metadata.${name}`;
    return {
      agent: kind === "LLM" || kind === "TOOL" ? undefined : attributes.peek("langsmith.trace.name"),
      model: attributes.text(metadata("ls_model_name")),
      tokens: callsModel(kind) && isRecord(usage) ? tokensOf(usage) : undefined,
      // Other dialects flatten these names.
      input: content(attributes, "gen_ai.prompt", kind, "input"),
      output: content(attributes, "gen_ai.completion", kind, "output"),
      sessionId: attributes.id(metadata("session_id"), metadata("thread_id"), metadata("conversation_id")),
      userId: attributes.id(metadata("user_id")),
      tags: attributes.texts("langsmith.span.tags")?.flatMap((text) => text.split(/\s*,\s*/)),
    };
  },
};

function content(attributes: AttributeReader, name: string, kind: Kind, side: "input" | "output"): unknown {
  const value = turnOf(attributes.value(name), kind, side);
  if (!isRecord(value)) return value;
  const [only, ...others] = Object.entries(value);
  // A function's arguments and result come wrapped: { input }, { output }.
  return only !== undefined && others.length === 0 && only[0] === side ? only[1] : value;
}

function tokensOf(usage: Readonly<Record<string, unknown>>): Record<string, number> {
  const names = [
    ["prompt_tokens", "input_tokens"],
    ["completion_tokens", "output_tokens"],
    ["total_tokens", "total_tokens"],
  ] as const;
  return Object.fromEntries(
    names.flatMap(([name, from]) => {
      const count = usage[from];
      return typeof count === "number" ? [[name, count]] : [];
    }),
  );
}
