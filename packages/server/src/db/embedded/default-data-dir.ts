import { homedir, platform } from "node:os";
import { isAbsolute, join } from "node:path";
import { isRoot } from "./run-as.ts";

/**
 * Where data lives unless told otherwise: a per-user place that does not depend on the current folder, and for root
 * `/var/lib/pandaprobe`, because the unprivileged user PostgreSQL then runs as can't enter root's home.
 *
 * @param environment The environment variables (`XDG_DATA_HOME` on Linux, `LOCALAPPDATA` on Windows).
 */
export function defaultDataDir(environment: Readonly<Record<string, string | undefined>>): string {
  if (isRoot()) return "/var/lib/pandaprobe";
  switch (platform()) {
    case "darwin":
      return join(homedir(), "Library", "Application Support", "pandaprobe");
    case "win32":
      return join(environment["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "pandaprobe");
    default:
      return join(xdgDataHome(environment["XDG_DATA_HOME"]), "pandaprobe");
  }
}

/** The XDG base directory specification has relative paths ignored. */
function xdgDataHome(configured: string | undefined): string {
  return configured !== undefined && isAbsolute(configured) ? configured : join(homedir(), ".local", "share");
}
