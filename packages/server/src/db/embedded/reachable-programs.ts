import { lstat, mkdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyReadableTree } from "./copy-readable-tree.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { errorCode } from "./error-code.ts";
import { type Programs, programPath } from "./programs.ts";
import type { RunAs } from "./run-as.ts";
import { type Outcome, runProgram } from "./run-program.ts";

/** Where copies go, best place first. They can be made again at any time, so a cache is the place for them. */
const copyRoots = () => ["/var/cache/pandaprobe", "/var/tmp/pandaprobe", join(tmpdir(), "pandaprobe")];

/**
 * The programs in a place where `runAs` can run them: where they are, or, if that lies below a folder only root may
 * enter (a clone in root's home), a copy of that version, which is made once.
 */
export async function reachablePrograms(
  programs: Programs,
  runAs: RunAs,
  log: (message: string) => void,
): Promise<Programs> {
  const inPlace = await attempt(programs, runAs);
  if (inPlace === undefined) return programs;
  const failures = [`${programs.home}: ${inPlace}`];
  for (const root of copyRoots()) {
    const copy = { ...programs, home: join(root, `postgres-${programs.version}`) };
    try {
      await ensureCopy(programs, copy, root, runAs, log);
      return copy;
    } catch (error) {
      failures.push(`${root}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL refuses to run as root, and the user "${runAs.name}" can't run its programs:\n` +
      `${failures.map((line) => `  ${line}`).join("\n")}\n` +
      "Run the server as an ordinary user, or set DATABASE_URL to use a PostgreSQL of your own.",
  );
}

async function ensureCopy(
  programs: Programs,
  copy: Programs,
  root: string,
  runAs: RunAs,
  log: (message: string) => void,
): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o755 });
  await refuseUntrusted(root);
  if ((await attempt(copy, runAs)) === undefined) return;
  log(`Copying PostgreSQL's programs to ${copy.home}, where the user "${runAs.name}" can run them`);
  const unfinished = `${copy.home}.${process.pid}-${Date.now()}`;
  try {
    await copyReadableTree(programs.home, unfinished);
    await putInPlace(unfinished, copy, runAs);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  const failure = await attempt(copy, runAs);
  if (failure !== undefined) throw new Error(failure);
}

async function putInPlace(unfinished: string, copy: Programs, runAs: RunAs): Promise<void> {
  try {
    await rename(unfinished, copy.home);
  } catch (error) {
    if (errorCode(error) !== "ENOTEMPTY" && errorCode(error) !== "EEXIST") throw error;
    // Another process was faster and its copy is as good, or what lies there is damaged.
    if ((await attempt(copy, runAs)) === undefined) return;
    await rm(copy.home, { recursive: true, force: true });
    await rename(unfinished, copy.home);
  }
}

/** In a shared folder such as /tmp somebody else may have laid programs out for us to run. */
async function refuseUntrusted(root: string): Promise<void> {
  const status = await lstat(root);
  if (!status.isDirectory() || status.uid !== 0 || (status.mode & 0o022) !== 0) {
    throw new Error("belongs to another user, or others may write to it");
  }
}

/** Runs each program once as that user; `undefined` when all is well, else what went wrong. */
async function attempt(programs: Programs, runAs: RunAs): Promise<string | undefined> {
  for (const name of ["initdb", "pg_ctl", "postgres"] as const) {
    let outcome: Outcome;
    try {
      outcome = await runProgram(programPath(programs, name), ["--version"], runAs);
    } catch (error) {
      return `${name} can't be started (${errorCode(error) ?? String(error)})`;
    }
    if (outcome.code !== 0) return `${name} fails: ${outcome.output}`;
  }
  return undefined;
}
