import { attachmentIn, attachmentLabel } from "./attachment.ts";
import { LongText } from "./long-text.tsx";

/** A value as indented JSON; files in it are named, not printed. */
export function JsonView({ value }: { value: unknown }) {
  return <LongText text={jsonText(value)}>{(shown) => <pre class="json">{shown}</pre>}</LongText>;
}

/** Indented JSON, in which files are named. */
export function jsonText(value: unknown): string {
  const named = (_key: string, each: unknown) => {
    const attachment = typeof each === "string" ? attachmentIn(each) : null;
    return attachment === null ? each : `[${attachmentLabel(attachment)}]`;
  };
  return JSON.stringify(value, named, 2) ?? "";
}
