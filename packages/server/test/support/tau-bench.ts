import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { SpanCreate, TraceCreate } from "@pandaprobe/contract";

/*
 * Real conversations of a tool-using agent and their outcomes: τ-bench's airline domain (Sierra Research, MIT).
 * The data is outside of the repository.
 */

const folder = path.join(import.meta.dirname, "../../../../../shared/data");
const file = path.join(folder, "tau-bench-airline.jsonl");

export const hasTauBench = existsSync(file);

export interface Conversation {
  readonly sessionId: string;
  /** 1: the customer got what they should have; 0: they did not. */
  readonly reward: number;
  readonly traces: readonly TraceCreate[];
}

interface Message {
  readonly role: "user" | "assistant" | "tool";
  readonly content: string | null;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly { id: string; function: { name: string; arguments: string } }[];
}

interface Row {
  readonly task_id: number;
  readonly trial: number;
  readonly reward: number;
  readonly user_id: string;
  readonly messages: readonly Message[];
}

/** Each conversation is a session; each message of the customer, with the agent's work up to its reply, a trace. */
export function readConversations(): Conversation[] {
  const system = readFileSync(path.join(folder, "tau-bench-airline.system.txt"), "utf8");
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line, n) =>
    conversation(JSON.parse(line) as Row, system, Date.UTC(2026, 2, 1) + n * 3_600_000),
  );
}

function conversation(row: Row, system: string, startMs: number): Conversation {
  const sessionId = `airline-${row.task_id}-${row.trial}`;
  const turns: Message[][] = [];
  for (const message of row.messages) {
    if (message.role === "user") turns.push([message]);
    else turns.at(-1)?.push(message);
  }
  let clock = startMs;
  const tick = () => {
    clock += 1000;
    return new Date(clock).toISOString();
  };
  const traces = turns.map((turn, index): TraceCreate => {
    const started_at = tick();
    const spans = turnSpans(turn, system, tick);
    return {
      name: "airline-agent",
      started_at,
      ended_at: tick(),
      session_id: sessionId,
      user_id: row.user_id,
      tags: [`turn-${index + 1}`],
      input: { messages: [turn[0]] },
      // The last turn is the customer's goodbye, which the agent does not answer.
      output: turn.findLast((message) => message.role === "assistant")?.content ?? null,
      spans,
    };
  });
  return { sessionId, reward: row.reward, traces };
}

function turnSpans(turn: readonly Message[], system: string, tick: () => string): SpanCreate[] {
  const answers = new Map(turn.map((message) => [message.tool_call_id, message.content]));
  return turn.flatMap((message, index): SpanCreate[] => {
    if (message.role !== "assistant") return [];
    const llm: SpanCreate = {
      name: "gpt-4o",
      kind: "LLM",
      model: "gpt-4o",
      input: { messages: [{ role: "system", content: system }, ...turn.slice(0, index)] },
      output: message,
      started_at: tick(),
      ended_at: tick(),
    };
    const calls = (message.tool_calls ?? []).map(
      (call): SpanCreate => ({
        name: call.function.name,
        kind: "TOOL",
        input: JSON.parse(call.function.arguments),
        output: answers.get(call.id) ?? null,
        started_at: tick(),
        ended_at: tick(),
      }),
    );
    return [llm, ...calls];
  });
}
