import { callsModel, type Dialect, type Kind } from "../dialect.ts";

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
  read(attributes, { name }, kind) {
    if (!Object.hasOwn(kinds, name)) return {};
    return {
      tool: kind === "TOOL" ? attributes.text("tool_name") : undefined,
      model: attributes.text("model"),
      tokens: callsModel(kind) ? attributes.numbers(tokens) : undefined,
      cost: callsModel(kind) ? attributes.numbers({ total: ["cost_usd"] }) : undefined,
      input: attributes.firstValue("user_prompt", "tool_input", "full_command", "file_path"),
      output: attributes.firstValue("response.model_output", "tool_output", "response"),
      sessionId: attributes.id("session.id"),
      userId: attributes.id("user.id"),
      firstTokenMs: attributes.number("ttft_ms"),
    };
  },
};

const tokens = {
  prompt_tokens: ["input_tokens"],
  completion_tokens: ["output_tokens"],
  // In Anthropic's names, because they are not part of the input.
  cache_read_input_tokens: ["cache_read_tokens"],
  cache_creation_input_tokens: ["cache_creation_tokens"],
};
