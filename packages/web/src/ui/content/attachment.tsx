import { useState } from "preact/hooks";
import { formatBytes } from "../format.ts";

export interface Attachment {
  readonly mediaType: string | null;
  readonly base64: string;
}

const fewestCharacters = 512;
/** Tested on a part alone: a file may have megabytes. */
const testedCharacters = 4096;

/** A file in a string: a data URL, or a long text that is only base64. `null` for any other text. */
export function attachmentIn(text: string): Attachment | null {
  const [head, mediaType] = /^data:([\w/+.-]+)(?:;[\w=-]+)*;base64,/.exec(text.slice(0, 200)) ?? [];
  if (head !== undefined && mediaType !== undefined) return { mediaType, base64: text.slice(head.length) };
  if (text.length < fewestCharacters) return null;
  const part = text.slice(0, testedCharacters);
  const isBase64 =
    /^[A-Za-z0-9+/_-]+={0,2}$/.test(part) && /[0-9]/.test(part) && /[A-Z]/.test(part) && /[a-z]/.test(part);
  return isBase64 ? { mediaType: imageType(text), base64: text } : null;
}

function imageType(base64: string): string | null {
  const starts = { iVBORw0KGgo: "image/png", "/9j/": "image/jpeg", R0lGOD: "image/gif", UklGR: "image/webp" };
  return Object.entries(starts).find(([start]) => base64.startsWith(start))?.[1] ?? null;
}

/** A file as a labelled box; an image is drawn only when asked for. */
export function AttachmentBox({ attachment: { mediaType, base64 } }: { attachment: Attachment }) {
  const [isShown, show] = useState(false);
  const isImage = /^image\/(?:png|jpeg|gif|webp)$/.test(mediaType ?? "");
  return (
    <span class="attachment">
      <span>
        {mediaType ?? "base64"} · {formatBytes(Math.floor(base64.length * 0.75))}
      </span>
      {isImage && !isShown && (
        <button type="button" onClick={() => show(true)}>
          Show image
        </button>
      )}
      {isShown && <img src={`data:${mediaType};base64,${base64}`} alt="From the trace" />}
    </span>
  );
}
