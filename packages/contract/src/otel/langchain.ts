import type { Kind } from "./dialect.ts";
import { isRecord } from "./json-values.ts";
import { asAnswer, lastTurn, toToolCall } from "./messages.ts";

/**
 * The input or output of a LangChain or LangGraph step, with its messages in the form of OpenAI's chat API. A graph
 * that remembers its conversation passes all of it on. Only the messages of the last turn are kept, because every later
 * turn would repeat the earlier ones.
 */
export function turnOf(passed: unknown, kind: Kind, side: "input" | "output"): unknown {
  const value = updateOf(passed);
  if (Array.isArray(value)) return readList(value);
  if (!isRecord(value)) return value;
  if (isMessage(value)) return readMessage(value);
  const state = Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      readList(key === "messages" ? readPairs(field) : field),
    ]),
  );
  const { messages, ...rest } = state;
  const isState = kind === "CHAIN" || kind === "AGENT";
  if (!isState || !Array.isArray(messages) || messages === value["messages"]) return state;
  const turn = lastTurn(messages);
  if (side === "input" || Object.keys(rest).length > 0) return { ...rest, messages: turn };
  const answered = turn.filter((message) => !isRecord(message) || message["role"] !== "user");
  return answered.length === 0 ? { messages: turn } : asAnswer(answered);
}

/** A LangGraph node's changes to the graph's state, which it may return as a command or a list of one. */
function updateOf(value: unknown): unknown {
  const [command, ...others] = Array.isArray(value) ? value : [value];
  const isCommand = others.length === 0 && isRecord(command) && "goto" in command && "resume" in command;
  return isCommand && isRecord(command["update"]) ? command["update"] : value;
}

/**
 * The messages that a LangChain model received or returned, with the tool calls that instrumentations leave out of
 * theirs. Empty if the value is not LangChain's.
 */
export function modelMessages(value: unknown, side: "input" | "output"): readonly unknown[] {
  if (!isRecord(value)) return [];
  const list: readonly unknown[] = [value[side === "input" ? "messages" : "generations"]].flat(3);
  const messages = side === "input" ? list : list.map((one) => (isRecord(one) ? one["message"] : undefined));
  return messages.every((message) => isRecord(message) && message["lc"] !== undefined && isMessage(message))
    ? messages.map(readMessage)
    : [];
}

/** A list with its messages converted; anything else unchanged. */
function readList(value: unknown): unknown {
  if (!Array.isArray(value)) return isMessage(value) ? readMessage(value) : value;
  const list = value.flat();
  return list.some(isMessage) ? list.map(readMessage) : value;
}

/** Converts the messages that a program passed to a graph as pairs, such as `["user", "Hi"]`. */
function readPairs(messages: unknown): unknown {
  return Array.isArray(messages) && messages.some(isPair)
    ? messages.map((message) =>
        isPair(message) ? { role: pairRole(message[0]), content: message[1] } : message,
      )
    : messages;
}

const pairRole = (name: unknown) => (name === "user" || name === "assistant" ? name : roleNamed(name));

function isPair(value: unknown): value is readonly [string, string] {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((each) => typeof each === "string") &&
    pairRole(value[0]) !== undefined
  );
}

const roles: Readonly<Record<string, string>> = {
  human: "user",
  humanmessage: "user",
  humanmessagechunk: "user",
  ai: "assistant",
  aimessage: "assistant",
  aimessagechunk: "assistant",
  system: "system",
  systemmessage: "system",
  tool: "tool",
  toolmessage: "tool",
  function: "tool",
  functionmessage: "tool",
};

/** The fields of a message, which LangChain serializes as the arguments of its constructor. */
function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(value)) return undefined;
  if (value["lc"] === undefined) return value;
  return isRecord(value["kwargs"]) ? value["kwargs"] : undefined;
}

function roleOf(value: Readonly<Record<string, unknown>>): string | undefined {
  const id = value["id"];
  const name = value["lc"] !== undefined && Array.isArray(id) ? id.at(-1) : value["type"];
  return roleNamed(name);
}

function roleNamed(name: unknown): string | undefined {
  const role = typeof name === "string" ? name.toLowerCase() : "";
  return Object.hasOwn(roles, role) ? roles[role] : undefined;
}

function isMessage(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && roleOf(value) !== undefined && fieldsOf(value)?.["content"] !== undefined;
}

function readMessage(value: unknown): unknown {
  if (!isMessage(value)) return value;
  const { content, tool_calls: calls, tool_call_id: id, name } = fieldsOf(value) ?? {};
  return {
    role: roleOf(value),
    content,
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof id === "string" ? { tool_call_id: id } : {}),
    ...(Array.isArray(calls) && calls.length > 0 ? { tool_calls: calls.map(toToolCall) } : {}),
  };
}
