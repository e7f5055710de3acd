import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { isServerAway, useQuery } from "../data/queries.ts";
import { admin, session, signOut } from "../data/session.ts";
import { firstPage, timeRanges, useUrlState } from "../data/url-state.ts";
import { Dialog } from "../ui/dialog.tsx";
import { formatCount } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { handleKey } from "./keys.ts";
import { railPages } from "./pages.ts";
import { openProject, Palette } from "./palette.tsx";
import { toggleTheme } from "./theme.ts";

/** The frame of every page: the rail, the top line, and the dialogs that keys open. */
export function Frame({ children }: { children: ComponentChildren }) {
  const { path } = useLocation();
  const [opened, open] = useState<"palette" | "help" | null>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => handleKey(event, open);
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const close = () => open(null);
  const section = railPages.findLast((page) => path === page.path || path.startsWith(`${page.path}/`));
  useEffect(() => {
    document.title = `${section?.label ?? "Not found"} – PandaProbe`;
  }, [section]);
  return (
    <div class="frame">
      <a class="skip" href="#main">
        Skip to content
      </a>
      <nav class="rail" aria-label="Pages">
        {railPages.map((page) => (
          <a key={page.path} href={page.path} aria-current={page === section ? "page" : undefined}>
            <Icon name={page.icon} />
            <span>{page.label}</span>
          </a>
        ))}
      </nav>
      <header class="top">
        <Projects />
        <button type="button" class="top-search" aria-label="Go to ⌘K" onClick={() => open("palette")}>
          <Icon name="search" />
          <span>Go to</span>
          <kbd>⌘K</kbd>
        </button>
        <TimeRange />
        <button type="button" class="plain" aria-label="Switch between light and dark" onClick={toggleTheme}>
          <Icon name="theme" />
        </button>
        <button type="button" class="plain sign-out" onClick={signOut}>
          Sign out
        </button>
      </header>
      {isServerAway.value && (
        <p class="away" role="status">
          The server does not answer. This page asks again every two seconds.
        </p>
      )}
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {opened === "palette" && <Palette onClose={close} />}
      {opened === "help" && <KeyHelp onClose={close} />}
    </div>
  );
}

function Projects() {
  const { route } = useLocation();
  const { data } = useQuery(["projects"], (signal) => admin().listProjects({ limit: 200 }, { signal }));
  const current = session.value?.project ?? "";
  const others = (data?.items ?? []).filter(({ name }) => name !== current);
  const traces = data?.items.find(({ name }) => name === current)?.traces ?? 0;
  return (
    <select
      class="projects"
      aria-label="Project"
      value={current}
      onChange={({ currentTarget }) => {
        openProject(currentTarget.value);
        route("/app");
      }}
    >
      <option value={current}>
        {current} · {formatCount(traces)}
      </option>
      {others.map(({ name, traces }) => (
        <option key={name} value={name}>
          {name} · {formatCount(traces)}
        </option>
      ))}
    </select>
  );
}

function TimeRange() {
  const { get, set } = useUrlState();
  return (
    <select
      aria-label="Time range"
      value={get("range") ?? ""}
      onChange={({ currentTarget }) => set({ range: currentTarget.value, ...firstPage })}
    >
      <option value="">All time</option>
      {Object.keys(timeRanges).map((range) => (
        <option key={range} value={range}>
          Last {range}
        </option>
      ))}
    </select>
  );
}

const keys = [
  ["⌘K or Ctrl K", "Go to a page, project, trace or session"],
  ["j, k", "Next or previous row"],
  ["Enter", "Open the row"],
  ["x", "Select the row"],
  ["c", "Correct the score in the row"],
  ["1 to 9, y, n", "Score what you review"],
  ["r, s, u", "Give a reason, skip, undo"],
  ["/", "Search"],
  ["Esc", "Close, or go up"],
  ["?", "This list"],
] as const;

function KeyHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl class="facts">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
