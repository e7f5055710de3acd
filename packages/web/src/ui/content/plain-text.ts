import { attachmentIn } from "./attachment.ts";
import { jsonText } from "./json-view.tsx";
import { messagesIn, textIn } from "./messages.ts";

/** In characters. More would take too long to lay out and to read. */
const mostShown = 100_000;

/** A value as one text, for comparison with another: its messages one after the other, or JSON. */
export function plainTextOf(value: unknown): { readonly text: string; readonly isCut: boolean } {
  const text = wholeText(value);
  return { text: text.slice(0, mostShown), isCut: text.length > mostShown };
}

function wholeText(value: unknown): string {
  const messages = messagesIn(value);
  if (messages === null) return contentText(value);
  return messages
    .map(({ role, content, toolCalls }) => {
      const said = content === null || content === "" ? [] : [contentText(content)];
      const called = toolCalls.map((call) => `${call.name} ${jsonText(call.arguments)}`);
      return `${role}: ${[...said, ...called].join("\n")}`;
    })
    .join("\n\n");
}

function contentText(content: unknown): string {
  const text = textIn(content);
  return text === null || attachmentIn(text) !== null ? jsonText(content) : text;
}
