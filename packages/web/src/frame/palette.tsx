import { useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { useQuery } from "../data/queries.ts";
import { admin, session, signOut } from "../data/session.ts";
import { pagePath } from "../data/url-state.ts";
import { Dialog } from "../ui/dialog.tsx";
import { railPages } from "./pages.ts";
import { toggleTheme } from "./theme.ts";

interface Command {
  readonly label: string;
  readonly act: () => void;
}

/** Finds a page, a project, or a trace or session by its id. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { route } = useLocation();
  const [text, setText] = useState("");
  const [selected, setSelected] = useState(0);
  const projects = useQuery(["projects"], (signal) => admin().listProjects({ limit: 200 }, { signal }));
  const go = (path: string) => () => route(path);
  const typed = text.trim();
  const commands: Command[] = [
    ...railPages.map(({ path, label }) => ({ label: `Go to ${label}`, act: go(path) })),
    ...(projects.data?.items ?? []).map(({ name }) => ({
      label: `Open project ${name}`,
      act: () => openProject(name),
    })),
    { label: "Switch between light and dark", act: toggleTheme },
    { label: "Sign out", act: signOut },
  ].filter(({ label }) => label.toLowerCase().includes(typed.toLowerCase()));
  if (typed !== "") {
    if (/^[0-9a-f-]{32,36}$/i.test(typed))
      commands.unshift({ label: `Open trace ${typed}`, act: go(pagePath(["traces", typed])) });
    commands.push(
      { label: `Search traces for “${typed}”`, act: go(pagePath(["traces"], { name: typed })) },
      { label: `Search sessions for “${typed}”`, act: go(pagePath(["sessions"], { query: typed })) },
    );
  }
  const choose = (command: Command | undefined) => {
    onClose();
    command?.act();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      setSelected((selected + step + commands.length) % Math.max(1, commands.length));
      event.preventDefault();
    }
    if (event.key === "Enter") choose(commands[selected]);
  };
  return (
    <Dialog title="Go to" onClose={onClose}>
      <input
        class="palette-input"
        role="combobox"
        aria-label="Page, project, trace or session"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={`palette-${selected}`}
        placeholder="Page, project, trace id or session"
        value={text}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          setSelected(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div class="palette-list" id="palette-list" role="listbox" aria-label="Commands">
        {commands.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above handles the keys of its list
          <div
            key={command.label}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === selected}
            onClick={() => choose(command)}
          >
            {command.label}
          </div>
        ))}
      </div>
    </Dialog>
  );
}

export function openProject(project: string): void {
  if (session.value !== null) session.value = { ...session.value, project };
}
