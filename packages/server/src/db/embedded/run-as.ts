import { spawn } from "node:child_process";
import { open, readFile, rename } from "node:fs/promises";
import { platform } from "node:os";
import { parse } from "node:path";
import { EmbeddedPostgresError, errorCode } from "./errors.ts";

/** The user that PostgreSQL's programs run as when we are root, because PostgreSQL refuses to run as root. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
  /** For messages. */
  readonly name: string;
}

/** In order of preference. We never create a user: not every image has `useradd`. */
const candidates = ["postgres", "_postgres", "nobody"];

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** An existing user other than root: `postgres` if there is one, else `nobody`. */
export async function unprivilegedUser(): Promise<RunAs> {
  const users = await readUsers();
  for (const name of candidates) {
    const user = users.find((entry) => entry.name === name && entry.uid !== 0);
    if (user !== undefined) return user;
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL refuses to run as root, and this machine has no user "postgres" or "nobody" to run it as. ` +
      "Run the server as an ordinary user, or set DATABASE_URL.",
  );
}

/** The user with this id, for a folder that already has an owner. */
export async function userWithId(uid: number, gid: number): Promise<RunAs> {
  const users = await readUsers();
  return { uid, gid, name: users.find((user) => user.uid === uid)?.name ?? String(uid) };
}

async function readUsers(): Promise<RunAs[]> {
  const passwd = await readFile("/etc/passwd", "utf8").catch(() => "");
  return passwd.split("\n").flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    if (name === undefined || uid === undefined || gid === undefined) return [];
    // `>>> 0`: macOS writes nobody's id as -2.
    return [{ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }];
  });
}

/** In a locked-down container even root may not be allowed to switch to another user. */
export async function assertCanRunAs(runAs: RunAs): Promise<void> {
  try {
    await runProgram("/bin/sh", ["-c", "true"], runAs);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `PostgreSQL refuses to run as root, and this process may not run it as the user "${runAs.name}" ` +
        `(${errorCode(cause) ?? String(cause)}). Run the server as an ordinary user, or set DATABASE_URL.`,
      { cause },
    );
  }
}

export interface ProgramResult {
  /** `undefined` if a signal ended the program. */
  readonly code: number | undefined;
  /** Standard output and standard error, in order of arrival. */
  readonly output: string;
}

/**
 * Runs a program to its end. Rejects with the system's error (`EACCES`, `ENOENT`, `EPERM`, …) if it cannot be started.
 *
 * It gets a fresh environment: our `PG*` variables and locale would change PostgreSQL's behaviour, and a database that
 * outlives this process must not keep our providers' keys.
 */
export function runProgram(
  file: string,
  args: readonly string[],
  runAs: RunAs | undefined,
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      stdio: ["ignore", "pipe", "pipe"],
      // The other user may not be allowed to enter our current folder.
      cwd: parse(file).root,
      windowsHide: true,
      ...(platform() === "win32" ? {} : { env: { LC_ALL: "C", PATH: "/usr/local/bin:/usr/bin:/bin" } }),
      ...(runAs === undefined ? {} : { uid: runAs.uid, gid: runAs.gid }),
    });
    let output = "";
    const collect = (chunk: string) => {
      output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? undefined, output: output.trim() }));
  });
}

/**
 * Replaces a file atomically, readable by its owner alone. The new file is created, never opened, and its owner is set
 * through the file handle, so a link planted in that user's folder cannot make root write or chown anything else.
 */
export async function writeFileAs(path: string, text: string, runAs: RunAs | undefined): Promise<void> {
  const unfinished = `${path}.${process.pid}-${Date.now()}`;
  const file = await open(unfinished, "wx", 0o600);
  try {
    await file.writeFile(text);
    if (runAs !== undefined) await file.chown(runAs.uid, runAs.gid);
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}
