import { callsModel, type Dialect, type Kind } from "../dialect.ts";
import { parsed } from "../json-values.ts";

const kinds: Readonly<Record<string, Kind>> = {
  "claude_code.interaction": "AGENT",
  "claude_code.llm_request": "LLM",
  "claude_code.tool": "TOOL",
  "claude_code.tool.execution": "OTHER",
  "claude_code.tool.blocked_on_user": "OTHER",
  "claude_code.hook": "OTHER",
};

/** The Claude Agent SDK, whose spans are those of Claude Code. It writes contents only if its settings allow it. */
export const claudeCode: Dialect = {
  kind: (_attributes, { name }) => (Object.hasOwn(kinds, name) ? kinds[name] : undefined),
  read(attributes, { name, events }, kind) {
    if (!Object.hasOwn(kinds, name)) return {};
    const system = attributes.text("user_system_prompt");
    const context = attributes.text("new_context");
    const shown = events.find((event) => event.name === "tool.output")?.attributes?.["output"];
    return {
      tool: kind === "TOOL" ? attributes.text("tool_name") : undefined,
      model: attributes.text("model"),
      tokens: callsModel(kind) ? attributes.numbers(tokens) : undefined,
      cost: callsModel(kind) ? attributes.numbers({ total: ["cost_usd"] }) : undefined,
      system: system === undefined ? [] : [{ role: "system", content: system }],
      asked: kind === "LLM" && context !== undefined ? newMessages(context) : [],
      input:
        withoutTitle(attributes.text("tool_input")) ??
        attributes.firstValue("user_prompt", "full_command", "file_path"),
      output:
        attributes.firstValue("response.model_output", "tool_output", "response") ??
        parsed(shown) ??
        (kind === "TOOL" ? withoutTitle(context) : undefined),
      sessionId: attributes.id("session.id"),
      userId: attributes.id("user.id"),
      firstTokenMs: attributes.number("ttft_ms"),
      // It always ends without a status.
      isFrame: name === "claude_code.interaction",
    };
  },
};

/**
 * What was added to the conversation since the last call: `[USER]` or `[TOOL RESULT: id]` and a text,
 * separated by lines.
 */
function newMessages(context: string): unknown[] {
  return context.split(/\n\n---\n\n(?=\[(?:USER|TOOL RESULT: [^\]\n]+)\]\n)/).map((message) => {
    const [, id] = /^\[TOOL RESULT: ([^\]]+)\]\n/.exec(message) ?? [];
    const content = withoutTitle(message);
    return id === undefined ? { role: "user", content } : { role: "tool", tool_call_id: id, content };
  });
}

/** A text after its title, as `[TOOL INPUT: get_weather]` and a line break. */
function withoutTitle(text: string | undefined): unknown {
  return text === undefined ? undefined : parsed(text.replace(/^\[[A-Z ]+(?:: [^\]]*)?\]\n/, ""));
}

const tokens = {
  prompt_tokens: ["input_tokens"],
  completion_tokens: ["output_tokens"],
  // In Anthropic's names, because they are not part of the input.
  cache_read_input_tokens: ["cache_read_tokens"],
  cache_creation_input_tokens: ["cache_creation_tokens"],
};
