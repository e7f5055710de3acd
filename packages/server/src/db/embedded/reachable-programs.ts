import { chmod, copyFile, lstat, mkdir, readdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EmbeddedPostgresError, errorCode } from "./errors.ts";
import { type Programs, programPath } from "./programs.ts";
import { type ProgramResult, type RunAs, runProgram } from "./run-as.ts";

/** Folders for copies, the best first. They can be made again at any time, so caches will do. */
const copyRoots = () => ["/var/cache/pandaprobe", "/var/tmp/pandaprobe", join(tmpdir(), "pandaprobe")];

/**
 * The programs where `runAs` can run them: in place, or, if a folder above them is closed to that user (a clone in
 * root's home), in a copy, which is made once per version.
 */
export async function reachablePrograms(
  programs: Programs,
  runAs: RunAs,
  log: (message: string) => void,
): Promise<Programs> {
  const inPlace = await failureOf(programs, runAs);
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

/** Runs each program once as that user. Returns what went wrong, or `undefined`. */
async function failureOf(programs: Programs, runAs: RunAs): Promise<string | undefined> {
  for (const name of ["initdb", "pg_ctl", "postgres"] as const) {
    let result: ProgramResult;
    try {
      result = await runProgram(programPath(programs, name), ["--version"], runAs);
    } catch (error) {
      return `${name} can't be started (${errorCode(error) ?? String(error)})`;
    }
    if (result.code !== 0) return `${name} fails: ${result.output}`;
  }
  return undefined;
}

async function ensureCopy(
  programs: Programs,
  copy: Programs,
  root: string,
  runAs: RunAs,
  log: (message: string) => void,
): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o755 });
  await assertTrusted(root);
  if ((await failureOf(copy, runAs)) === undefined) return;
  log(`Copying PostgreSQL's programs to ${copy.home}, where the user "${runAs.name}" can run them`);
  const unfinished = `${copy.home}.${process.pid}-${Date.now()}`;
  try {
    await copyReadableTree(programs.home, unfinished);
    await moveIntoPlace(unfinished, copy, runAs);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  const failure = await failureOf(copy, runAs);
  if (failure !== undefined) throw new Error(failure);
}

/** In a shared folder such as /tmp another user may have planted programs for us to run. */
async function assertTrusted(root: string): Promise<void> {
  const status = await lstat(root);
  if (!status.isDirectory() || status.uid !== 0 || (status.mode & 0o022) !== 0) {
    throw new Error("belongs to another user, or others may write to it");
  }
}

/** Copies a folder so that every user can read it and run its programs; links stay links. */
async function copyReadableTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) {
      await copyReadableTree(source, target);
    } else if (entry.isSymbolicLink()) {
      await symlink(await readlink(source), target);
    } else {
      await copyFile(source, target);
      const executable = ((await lstat(source)).mode & 0o100) !== 0;
      await chmod(target, executable ? 0o755 : 0o644);
    }
  }
}

async function moveIntoPlace(unfinished: string, copy: Programs, runAs: RunAs): Promise<void> {
  try {
    await rename(unfinished, copy.home);
  } catch (error) {
    if (errorCode(error) !== "ENOTEMPTY" && errorCode(error) !== "EEXIST") throw error;
    // Either another process was faster and its copy works, or the existing copy is damaged.
    if ((await failureOf(copy, runAs)) === undefined) return;
    await rm(copy.home, { recursive: true, force: true });
    await rename(unfinished, copy.home);
  }
}
