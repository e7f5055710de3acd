import { formatBytes } from "../format.ts";

export interface Attachment {
  readonly mediaType: string | null;
  readonly base64: string;
}

const fewestCharacters = 512;
/** Only a part is tested, because a file may have megabytes. */
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

/** Its type and size. */
export function attachmentLabel({ mediaType, base64 }: Attachment): string {
  return `${mediaType ?? "base64"} · ${formatBytes(Math.floor(base64.length * 0.75))}`;
}
