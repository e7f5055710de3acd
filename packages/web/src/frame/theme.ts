import { effect, signal } from "@preact/signals";

const storageKey = "pandaprobe.theme";

/** The user's choice; `null` follows the system. */
const theme = signal<string | null>(localStorage.getItem(storageKey));

effect(() => {
  if (theme.value === null) return;
  document.documentElement.dataset["theme"] = theme.value;
  localStorage.setItem(storageKey, theme.value);
});

export function toggleTheme(): void {
  const isDark =
    theme.value === null ? matchMedia("(prefers-color-scheme: dark)").matches : theme.value === "dark";
  theme.value = isDark ? "light" : "dark";
}
