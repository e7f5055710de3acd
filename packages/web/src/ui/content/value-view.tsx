import { useState } from "preact/hooks";
import { Chat } from "./chat.tsx";
import { JsonView } from "./json-view.tsx";
import { answerIn, messagesIn, textIn } from "./messages.ts";
import { TextView } from "./text-view.tsx";

/** An input or output: as a conversation or Markdown if possible, and always as JSON. */
export function ValueView({ label, value }: { label: string; value: unknown }) {
  const messages = messagesIn(value);
  const text = textIn(value);
  const answer = text === null ? answerIn(value) : null;
  const [isRaw, setRaw] = useState(false);
  if (value === null || value === undefined) return null;
  const isRendered = messages !== null || text !== null || answer !== null;
  return (
    <section class="value" aria-label={label}>
      <header>
        <h2>{label}</h2>
        {isRendered && (
          <button type="button" class="plain" aria-pressed={isRaw} onClick={() => setRaw(!isRaw)}>
            JSON
          </button>
        )}
      </header>
      {isRaw || !isRendered ? (
        <JsonView value={value} />
      ) : messages !== null ? (
        <Chat messages={messages} />
      ) : answer !== null ? (
        <>
          <TextView text={answer.text} />
          <JsonView value={answer.others} />
        </>
      ) : (
        <TextView text={text ?? ""} />
      )}
    </section>
  );
}
