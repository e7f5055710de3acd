import { useState } from "preact/hooks";
import { type Attachment, attachmentLabel } from "./attachment.ts";

/** A file as a labelled box; an image is drawn only when asked for. */
export function AttachmentBox({ attachment }: { attachment: Attachment }) {
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
