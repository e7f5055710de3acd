import { JsonView } from "./json-view.tsx";
import { type Message, parsed, type ToolCall, textIn } from "./messages.ts";
import { ScrollBox } from "./scroll-box.tsx";
import { TextView } from "./text-view.tsx";

/** Other names that frameworks use for the roles. */
const roles: Readonly<Record<string, string>> = {
  human: "user",
  ai: "assistant",
  model: "assistant",
  function: "tool",
};

/** Messages as a conversation; each tool call with its result beside it. */
export function Chat({ messages }: { messages: readonly Message[] }) {
  const results = new Map(
    messages.flatMap((message) => (message.callId === null ? [] : [[message.callId, message]])),
  );
  const called = new Set(messages.flatMap(({ toolCalls }) => toolCalls.map(({ id }) => id)));
  const shown = messages.filter(({ callId }) => callId === null || !called.has(callId));
  return (
    <ol class="chat">
      {shown.map((message, index) => (
        <ChatMessage key={index} message={message} results={results} />
      ))}
    </ol>
  );
}

function ChatMessage({
  message: { role, content, toolCalls },
  results,
}: {
  message: Message;
  results: ReadonlyMap<string, Message>;
}) {
  const name = roles[role] ?? role;
  const body = hasContent(content) && <Content value={content} />;
  return (
    <li class={`message message-${name}`}>
      <span class="message-role">{name}</span>
      {name === "system" && body !== false ? (
        <details>
          <summary>{(textIn(content) ?? "Instructions").slice(0, 100)}</summary>
          {body}
        </details>
      ) : (
        body
      )}
      {toolCalls.map((call, index) => (
        <ToolCallBlock key={call.id ?? index} call={call} result={results.get(call.id ?? "")?.content} />
      ))}
    </li>
  );
}

/** A call's arguments and its result, side by side. */
export function ToolCallBlock({ call, result }: { call: ToolCall; result: unknown }) {
  return (
    <div class="tool-call">
      <code class="tool-name">{call.name}</code>
      <div class="tool-sides">
        <ScrollBox label={`Arguments of ${call.name}`}>
          <JsonView value={typeof call.arguments === "string" ? parsed(call.arguments) : call.arguments} />
        </ScrollBox>
        {result !== undefined && (
          <ScrollBox label={`Result of ${call.name}`}>
            <Content value={typeof result === "string" ? parsed(result) : result} />
          </ScrollBox>
        )}
      </div>
    </div>
  );
}

function Content({ value }: { value: unknown }) {
  const text = textIn(value);
  return text === null ? <JsonView value={value} /> : <TextView text={text} />;
}

function hasContent(content: unknown): boolean {
  return (
    content !== null &&
    content !== undefined &&
    content !== "" &&
    !(Array.isArray(content) && content.length === 0)
  );
}
