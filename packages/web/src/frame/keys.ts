/** The keys of every page. Dialogs and text fields handle theirs themselves. */
export function handleKey(event: KeyboardEvent, open: (what: "palette" | "help") => void): void {
  if ((event.metaKey || event.ctrlKey) && event.key === "k") {
    event.preventDefault();
    open("palette");
    return;
  }
  const target = event.target as HTMLElement;
  const isTyping = target.matches("input:not([type=checkbox]), textarea, select");
  if (event.key === "Escape") {
    if (isTyping) target.blur();
    else document.querySelector<HTMLElement>("[data-parent]")?.click();
    return;
  }
  if (isTyping || event.metaKey || event.ctrlKey || event.altKey) return;
  const act = actions[event.key];
  if (event.key === "?") open("help");
  else if (act === undefined || !act(target)) return;
  event.preventDefault();
}

/** By key. Each returns whether it did something. */
const actions: Readonly<Record<string, (target: HTMLElement) => boolean>> = {
  j: () => moveFocus(1),
  k: () => moveFocus(-1),
  "/": () => {
    const field = document.querySelector<HTMLInputElement>("[data-search]");
    field?.focus();
    field?.select();
    return field !== null;
  },
  Enter: (target) => {
    if (!target.matches("[data-row]")) return false;
    (
      target.querySelector<HTMLElement>("[data-open]") ?? target.querySelector<HTMLElement>("a, button")
    )?.click();
    return true;
  },
  x: (target) => {
    const box = target.closest("[data-row]")?.querySelector<HTMLInputElement>("input[type=checkbox]");
    box?.click();
    return box != null;
  },
  c: (target) => {
    const button = target.closest("[data-row]")?.querySelector<HTMLElement>("[data-correct]");
    button?.click();
    return button != null;
  },
};

function moveFocus(by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("main [data-row]")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at === -1 ? (by === 1 ? 0 : rows.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return next !== undefined;
}
