import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Attachment, attachmentIn, attachmentLabel } from "./attachment.ts";
import { LongText } from "./long-text.tsx";

/** Loaded when the first text is shown. */
const renderer = signal<((text: string) => ComponentChildren) | null>(null);

/** A text as Markdown, or as plain text. */
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

/** A file as a labelled box; an image is drawn only on request. */
function AttachmentBox({ attachment }: { attachment: Attachment }) {
  const { mediaType, base64 } = attachment;
  const [isShown, show] = useState(false);
  const isImage = /^image\/(?:png|jpeg|gif|webp)$/.test(mediaType ?? "");
  return (
    <span class="attachment">
      <span>{attachmentLabel(attachment)}</span>
      {isImage && !isShown && (
        <button type="button" onClick={() => show(true)}>
          Show image
        </button>
      )}
      {isShown && <img src={`data:${mediaType};base64,${base64}`} alt="From the trace" />}
    </span>
  );
}
