import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { formatBytes } from "../format.ts";

/** In characters. More would take too long to lay out and to read. */
const shownAtFirst = 20_000;

/** A text. A long one is cut until the user asks for the rest. */
export function LongText({
  text,
  children,
}: {
  text: string;
  children: (shown: string) => ComponentChildren;
}) {
  const [isWhole, showWhole] = useState(false);
  if (text.length <= shownAtFirst || isWhole) return <>{children(text)}</>;
  return (
    <>
      {children(text.slice(0, shownAtFirst))}
      <button type="button" class="more" onClick={() => showWhole(true)}>
        Show all {formatBytes(text.length)}
      </button>
    </>
  );
}
