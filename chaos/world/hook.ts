import path from "node:path";
import { pathToFileURL } from "node:url";

/** The environment of a process that loads one of `hooks` before anything else. */
export function withHook(name: "shift-clock" | "poison"): Readonly<Record<string, string>> {
  const file = path.join(import.meta.dirname, "../hooks", `${name}.ts`);
  return { NODE_OPTIONS: `--import=${pathToFileURL(file).href}` };
}
