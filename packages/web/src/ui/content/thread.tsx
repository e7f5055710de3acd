import type { TraceResponse } from "@pandaprobe/sdk";
import { Chat, ToolCallBlock } from "./chat.tsx";
import { messagesIn } from "./messages.ts";
import { ValueView } from "./value-view.tsx";

/** The trace as a conversation: the request, the tool calls and the answer. */
export function Thread({ trace }: { trace: TraceResponse }) {
  const asked = messagesIn(trace.input);
  const answered = messagesIn(trace.output);
  const tools = trace.spans.filter(({ kind }) => kind === "TOOL");
  return (
    <div class="thread">
      {asked === null ? <ValueView label="User" value={trace.input} /> : <Chat messages={asked} />}
      {tools.slice(0, 100).map((span) => (
        <ToolCallBlock
          key={span.span_id}
          call={{ id: span.span_id, name: span.name, arguments: span.input }}
          result={span.error ?? span.output}
        />
      ))}
      {tools.length > 100 && <p class="muted">{tools.length - 100} more tool calls are in the spans.</p>}
      {answered === null ? <ValueView label="Agent" value={trace.output} /> : <Chat messages={answered} />}
    </div>
  );
}
