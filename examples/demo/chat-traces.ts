import type { SpanCreate, TraceCreate } from "@pandaprobe/sdk";

/** A message in the chat format of OpenAI. */
interface Message {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
}

/** A conversation, as a line of a file of JSON lines. */
export interface Chat {
  readonly messages: readonly Message[];
  readonly task_id?: string | number;
  readonly trial?: number;
  readonly user_id?: string;
}

/**
 * A conversation as the traces of one session: each message of the user, with the agent's work up to its reply, is a trace,
 * and each call of a tool a span. Chats have no times, so each step takes a second.
 *
 * @param name that of the traces, and the beginning of the session's id.
 */
export function chatTraces(chat: Chat, name: string, startMs: number): TraceCreate[] {
  let clock = startMs;
  const tick = () => {
    clock += 1000;
    return new Date(clock).toISOString();
  };
  return turnsOf(chat.messages).map((turn) => {
    const started_at = tick();
    const spans = spansOf(turn, tick);
    return {
      name,
      started_at,
      ended_at: tick(),
      session_id: [name, chat.task_id, chat.trial].filter((part) => part !== undefined).join("-"),
      user_id: chat.user_id ?? null,
      tags: [name],
      input: { messages: turn.slice(0, 1) },
      output: turn.findLast(({ role }) => role === "assistant")?.content ?? null,
      spans,
    };
  });
}

/** Each begins with a message of the user. */
function turnsOf(messages: readonly Message[]): Message[][] {
  const turns: Message[][] = [];
  for (const message of messages) {
    if (message.role === "user") turns.push([message]);
    else turns.at(-1)?.push(message);
  }
  return turns;
}

function spansOf(turn: readonly Message[], tick: () => string): SpanCreate[] {
  const results = new Map(turn.map(({ tool_call_id, content }) => [tool_call_id, content]));
  return turn.flatMap((message, index): SpanCreate[] => {
    if (message.role !== "assistant") return [];
    const reply: SpanCreate = {
      name: "reply",
      kind: "LLM",
      input: { messages: turn.slice(0, index) },
      output: message,
      started_at: tick(),
      ended_at: tick(),
    };
    const calls = (message.tool_calls ?? []).map(
      (call): SpanCreate => ({
        name: call.function.name,
        kind: "TOOL",
        input: call.function.arguments,
        output: results.get(call.id) ?? null,
        started_at: tick(),
        ended_at: tick(),
      }),
    );
    return [reply, ...calls];
  });
}
