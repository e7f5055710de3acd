import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { environmentVariable } from "../options/environment.ts";

const checkEveryMs = 500;
const shells = /^(?:ba|da|a|k|z)?sh$|^busybox$/;

/**
 * Checks whether npx or npm, if it started the command, is still running: after a signal they end without their
 * command.
 *
 * @returns a function that stops the checks.
 */
export function onStarterGone(listener: (name: string) => void): () => void {
  const event = environmentVariable("npm_lifecycle_event");
  if (event === undefined && environmentVariable("npm_execpath") === undefined) return () => {};
  const shell = process.ppid;
  const npm = parentOfShell(shell);
  const checks = setInterval(() => {
    if (process.ppid === shell && isThere(shell) && (npm === undefined || isParent(npm, shell))) return;
    clearInterval(checks);
    listener(event === "npx" ? "npx" : "npm");
  }, checkEveryMs);
  checks.unref();
  return () => clearInterval(checks);
}

/**
 * Whether `nohup` started the command, so that it outlives its terminal. Node.js resets the handling of SIGHUP, so this
 * also trusts the variable `_`, which the shell sets to the command that it started.
 */
export function isUnderNohup(): boolean {
  if (basename(environmentVariable("_") ?? "") === "nohup") return true;
  const [, ignored = "0"] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readIfThere("/proc/self/status")) ?? [];
  return (BigInt(`0x${ignored}`) & 1n) === 1n;
}

/** npm runs commands through a shell, which may outlive npm. `undefined` if the process is not a shell. */
function parentOfShell(pid: number): number | undefined {
  const [, name = "", parent] = stat(pid) ?? ps(pid) ?? [];
  return shells.test(basename(name)) && Number(parent) > 1 ? Number(parent) : undefined;
}

/** An orphan gets another parent at once, while a parent that ended may still be listed. */
function isParent(pid: number, child: number): boolean {
  const [, , parent] = stat(child) ?? [];
  return parent === undefined ? isThere(pid) : Number(parent) === pid;
}

/** The name of a process and its parent, on Linux. */
function stat(pid: number): RegExpExecArray | null {
  return /^\d+ \((.*)\) \S (\d+) /s.exec(readIfThere(`/proc/${pid}/stat`));
}

/** The same on other Unixes. */
function ps(pid: number): RegExpExecArray | null {
  try {
    const args = ["-o", "comm=,ppid=", "-p", `${pid}`];
    return /^-?(.*\S)\s+(\d+)\s*$/.exec(execFileSync("ps", args, { encoding: "utf8", stdio: "pipe" }));
  } catch {
    return null;
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // The process exists, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
