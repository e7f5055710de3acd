import type { AttributeReader } from "../attribute-reader.ts";
import { callsModel, type Dialect, type Kind } from "../dialect.ts";
import { toMessages } from "../messages.ts";

const operations: Readonly<Record<string, Kind>> = {
  "ai.generatetext": "AGENT",
  "ai.streamtext": "AGENT",
  "ai.generateobject": "CHAIN",
  "ai.streamobject": "CHAIN",
  "ai.embed": "CHAIN",
  "ai.embedmany": "CHAIN",
  "ai.rerank": "CHAIN",
  "ai.generatetext.dogenerate": "LLM",
  "ai.streamtext.dostream": "LLM",
  "ai.generateobject.dogenerate": "LLM",
  "ai.streamobject.dostream": "LLM",
  "ai.embed.doembed": "EMBEDDING",
  "ai.embedmany.doembed": "EMBEDDING",
  "ai.rerank.dorerank": "RETRIEVER",
  "ai.toolcall": "TOOL",
};

/** The Vercel AI SDK, versions 5 to 7. `gen-ai.ts` reads what version 7 writes in the GenAI conventions. */
export const aiSdk: Dialect = {
  families: ["ai"],
  kind: (attributes) => attributes.word("ai.operationId", operations),
  read(attributes, _span, kind) {
    // They may hold API keys.
    attributes.below("ai.request.headers.");
    const declared = attributes.value("ai.prompt.tools");
    const ids = {
      sessionId: attributes.id(...named("sessionId"), ...named("conversationId"), ...named("threadId")),
      userId: attributes.id(...named("userId")),
      tags: attributes.texts(...named("tags")),
    };
    const context = attributes.below("ai.settings.context.");
    return {
      ...ids,
      agent: kind === "TOOL" ? undefined : attributes.peek("ai.telemetry.functionId"),
      tool: attributes.text("ai.toolCall.name"),
      model: attributes.text("ai.response.model", "ai.model.id"),
      tokens: callsModel(kind) ? attributes.numbers(tokens) : undefined,
      parameters: attributes.below("ai.settings."),
      tools: Array.isArray(declared) ? declared : undefined,
      asked: toMessages(attributes.value("ai.prompt.messages")),
      answered: answer(attributes),
      input: attributes.firstValue(
        "ai.toolCall.args",
        "ai.toolCall.input",
        "ai.prompt",
        "ai.value",
        "ai.values",
      ),
      output: attributes.firstValue(
        "ai.toolCall.result",
        "ai.toolCall.output",
        "ai.response.object",
        "ai.result.object",
      ),
      firstTokenMs: attributes.number("ai.response.msToFirstChunk", "ai.stream.msToFirstChunk"),
      metadata: prefixed("ai.settings.context.", context),
    };
  },
};

/** Version 7 has a runtime context instead of the telemetry metadata of versions 5 and 6. */
function named(field: string): string[] {
  return [`ai.telemetry.metadata.${field}`, `ai.settings.context.${field}`];
}

function prefixed(prefix: string, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [prefix + name, value]));
}

function answer(attributes: AttributeReader): unknown[] {
  const text = attributes.text("ai.response.text", "ai.result.text");
  const calls = attributes.value("ai.response.toolCalls", "ai.result.toolCalls");
  if (text === undefined && calls === undefined) return [];
  const reasoning = attributes.text("ai.response.reasoning");
  return toMessages({
    role: "assistant",
    content: text ?? null,
    ...(reasoning === undefined ? {} : { reasoning }),
    tool_calls: calls,
  });
}

const tokens = {
  prompt_tokens: ["ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens"],
  completion_tokens: ["ai.usage.outputTokens", "ai.usage.completionTokens"],
  total_tokens: ["ai.usage.totalTokens"],
  cache_read_tokens: ["ai.usage.cachedInputTokens"],
  reasoning_tokens: ["ai.usage.reasoningTokens"],
};
