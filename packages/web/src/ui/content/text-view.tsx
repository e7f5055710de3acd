import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { attachmentIn } from "./attachment.ts";
import { AttachmentBox } from "./attachment-box.tsx";
import { LongText } from "./long-text.tsx";

/** Loaded when the first text is shown. */
const renderer = signal<((text: string) => ComponentChildren) | null>(null);

/** A text as Markdown, or as it is written. */
export function TextView({ text, isPlain = false }: { text: string; isPlain?: boolean }) {
  useEffect(() => {
    if (renderer.value !== null) return;
    import("./markdown.tsx").then(({ renderMarkdown }) => {
      renderer.value = renderMarkdown;
    });
  }, []);
  const attachment = attachmentIn(text);
  if (attachment !== null) return <AttachmentBox attachment={attachment} />;
  return (
    <LongText text={text}>
      {(shown) =>
        isPlain || renderer.value === null ? <div class="plain-text">{shown}</div> : renderer.value(shown)
      }
    </LongText>
  );
}
