import { lstat } from "node:fs/promises";
import { dirname } from "node:path";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { errorCode } from "./error-code.ts";
import type { RunAs } from "./run-as.ts";
import { type Outcome, runProgram } from "./run-program.ts";

/** A root user in a locked-down container may lack the right to become somebody else. */
export async function assertMayBecome(runAs: RunAs): Promise<void> {
  try {
    await runAsUser("true", "/", runAs);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `PostgreSQL refuses to run as root, and this process may not run it as the user "${runAs.name}" ` +
        `(${errorCode(cause) ?? String(cause)}). Run the server as an ordinary user, or set DATABASE_URL.`,
      { cause },
    );
  }
}

/**
 * The topmost folder on the way to `folder` that the user may not enter, or `undefined` if the way is free. Asked of
 * the system by trying, since modes alone don't tell (access lists, network file systems).
 */
export async function barrier(folder: string, runAs: RunAs): Promise<string | undefined> {
  if (await canEnter(folder, runAs)) return undefined;
  const parent = dirname(folder);
  if (parent === folder) return folder;
  const above = await barrier(parent, runAs);
  if (above !== undefined) return above;
  return (await exists(folder)) ? folder : undefined;
}

async function canEnter(folder: string, runAs: RunAs): Promise<boolean> {
  return (await runAsUser('cd -- "$1"', folder, runAs)).code === 0;
}

function runAsUser(script: string, argument: string, runAs: RunAs): Promise<Outcome> {
  return runProgram("/bin/sh", ["-c", script, "sh", argument], runAs);
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
