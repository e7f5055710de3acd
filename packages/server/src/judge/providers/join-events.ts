type Json = Readonly<Record<string, unknown>>;

/**
 * Joins the data of an event stream into one answer: a complete answer or an error among the events, or the chunks of a streamed
 * answer of OpenAI's or Anthropic's API. Undefined if there is neither.
 */
export function joinEvents(events: readonly Json[]): Json | undefined {
  const whole = events.find((event) => isError(event) || isWhole(event));
  if (whole !== undefined) return whole;
  if (events.some(({ type }) => type === "content_block_delta")) return joinMessage(events);
  return events.some(({ choices }) => Array.isArray(choices)) ? joinCompletion(events) : undefined;
}

function isError({ error, type }: Json): boolean {
  return Boolean(error) || type === "error";
}

function isWhole(event: Json): boolean {
  return (
    "message" in firstOf(event["choices"]) || (event["type"] === "message" && Array.isArray(event["content"]))
  );
}

/** Joins chunks of OpenAI's API: the text, and the arguments of one tool call. */
function joinCompletion(events: readonly Json[]): Json {
  const choices = events.map(({ choices }) => firstOf(choices));
  const deltas = choices.map(({ delta }) => asObject(delta));
  const calls = deltas.map(({ tool_calls }) => asObject(firstOf(tool_calls)["function"]));
  const name = joinTexts(calls, "name");
  const [first] = events;
  return {
    id: first?.["id"],
    object: "chat.completion",
    model: first?.["model"],
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: joinTexts(deltas, "content"),
          ...reasoning(joinTexts(deltas, "reasoning_content") || joinTexts(deltas, "reasoning")),
          ...(name !== "" && {
            tool_calls: [
              { id: "call", type: "function", function: { name, arguments: joinTexts(calls, "arguments") } },
            ],
          }),
        },
        finish_reason: choices.findLast(({ finish_reason }) => finish_reason)?.["finish_reason"] ?? null,
      },
    ],
    usage: events.findLast(({ usage }) => usage)?.["usage"],
  };
}

function reasoning(text: string): Json {
  return text === "" ? {} : { reasoning_content: text };
}

/** Joins events of Anthropic's API. */
function joinMessage(events: readonly Json[]): Json {
  const start = asObject(events.find(({ type }) => type === "message_start")?.["message"]);
  const deltas = events.flatMap(({ type, delta }) =>
    type === "content_block_delta" ? [asObject(delta)] : [],
  );
  const end = events.findLast(({ type }) => type === "message_delta") ?? {};
  const tool = events
    .map(({ content_block }) => asObject(content_block))
    .find(({ type }) => type === "tool_use");
  const text = joinTexts(deltas, "text");
  return {
    ...start,
    type: "message",
    role: "assistant",
    content: [
      ...(text === "" ? [] : [{ type: "text", text }]),
      ...(tool === undefined ? [] : [{ ...tool, input: parsed(joinTexts(deltas, "partial_json")) }]),
    ],
    stop_reason: asObject(end["delta"])["stop_reason"] ?? null,
    stop_sequence: null,
    usage: { ...asObject(start["usage"]), ...asObject(end["usage"]) },
  };
}

function joinTexts(pieces: readonly Json[], field: string): string {
  return pieces.map((piece) => (typeof piece[field] === "string" ? piece[field] : "")).join("");
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

function firstOf(list: unknown): Json {
  return Array.isArray(list) ? asObject(list[0]) : {};
}

function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
