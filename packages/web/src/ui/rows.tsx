import type { ComponentChildren } from "preact";

/** A row of a list, which `j` and `k` focus. Enter opens its first link. */
export function Row({ children, isMarked = false }: { children: ComponentChildren; isMarked?: boolean }) {
  return (
    <tr data-row tabIndex={-1} class={isMarked ? "marked" : ""}>
      {children}
    </tr>
  );
}

/** A table that scrolls sideways on narrow screens, without the page. */
export function Table({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="table" aria-label={label} tabIndex={0}>
      <table>{children}</table>
    </section>
  );
}
