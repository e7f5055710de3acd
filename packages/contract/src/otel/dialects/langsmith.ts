import type { AttributeReader } from "../attribute-reader.ts";
import { callsModel, type Dialect, type Kind } from "../dialect.ts";
import { isRecord, parsed } from "../json-values.ts";
import { modelMessages, turnOf } from "../langchain.ts";
import { isEmptyAnswer } from "../messages.ts";
import { errorStatus, type OtelEvent } from "../otel-span.ts";

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

/** LangSmith's OpenTelemetry exporter. Inputs and outputs are JSON, in the form of LangChain's runs. */
export const langSmith: Dialect = {
  families: ["langsmith", "gen_ai"],
  kind: (attributes) => attributes.word("langsmith.span.kind", kinds),
  read(attributes, { events, status }, kind) {
    const usage = attributes.value("langsmith.usage_metadata");
    const metadata = (name: string) => `langsmith.metadata.${name}`;
    // They may hold API keys.
    attributes.value("langsmith.request.headers");
    const messages = (name: string, side: "input" | "output") =>
      kind === "LLM" ? modelMessages(parsed(attributes.peek(name)), side) : [];
    const answered = messages("gen_ai.completion", "output");
    const output = content(attributes, "gen_ai.completion", kind, "output");
    const saysNothing = status.code === errorStatus && answered.length > 0 && answered.every(isEmptyAnswer);
    return {
      agent: kind === "LLM" || kind === "TOOL" ? undefined : attributes.peek("langsmith.trace.name"),
      model: attributes.text(metadata("ls_model_name")),
      tokens: callsModel(kind) && isRecord(usage) ? tokensOf(usage) : undefined,
      asked: messages("gen_ai.prompt", "input"),
      answered: saysNothing ? [] : answered,
      // Other dialects flatten these names.
      input: content(attributes, "gen_ai.prompt", kind, "input"),
      output: saysNothing ? undefined : output,
      error: attributes.has("langsmith.trace.name") ? errorOf(events) : undefined,
      sessionId: attributes.id(metadata("session_id"), metadata("thread_id"), metadata("conversation_id")),
      userId: attributes.id(metadata("user_id")),
      tags: attributes
        .texts("langsmith.span.tags")
        // A pattern with `\s*` before the comma takes minutes if there are many spaces.
        ?.flatMap((text) => text.split(",").map((tag) => tag.trim()))
        .filter((tag) => tag !== "" && !ownTags.test(tag)),
    };
  },
};

/** LangChain's names for the places of steps in a chain or graph. */
const ownTags = /^(?:seq:step|map:key|graph:step|langsmith):/;

function content(attributes: AttributeReader, name: string, kind: Kind, side: "input" | "output"): unknown {
  const value = attributes.value(name);
  if (!isRecord(value)) return turnOf(value, kind, side);
  const [only, ...others] = Object.entries(value);
  // A step that failed returns `{}`.
  if (only === undefined) return undefined;
  // A function's arguments and result come wrapped: { input }, { output }.
  return turnOf(others.length === 0 && only[0] === side ? only[1] : value, kind, side);
}

/** The message of an exception, without the stack trace that LangSmith appends. */
function errorOf(events: readonly OtelEvent[]): string | undefined {
  const message = events.findLast(({ name }) => name === "exception")?.attributes?.["exception.message"];
  return typeof message === "string" ? message.split("Traceback (most recent call last):", 1)[0] : undefined;
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
