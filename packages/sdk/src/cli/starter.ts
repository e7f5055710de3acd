import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { environmentVariable } from "../options/environment.ts";

const lookEveryMs = 500;
const shells = /^(?:ba|da|a|k|z)?sh$|^busybox$/;

/**
 * Looks whether npx or npm, where they started the command, are still there: ended by a signal, they leave it behind.
 *
 * @returns stops looking.
 */
export function onStarterGone(tell: (name: string) => void): () => void {
  const event = environmentVariable("npm_lifecycle_event");
  if (event === undefined && environmentVariable("npm_execpath") === undefined) return () => {};
  const shell = process.ppid;
  const npm = parentOfShell(shell);
  const looks = setInterval(() => {
    if (process.ppid === shell && isThere(shell) && (npm === undefined || isParent(npm, shell))) return;
    clearInterval(looks);
    tell(event === "npx" ? "npx" : "npm");
  }, lookEveryMs);
  looks.unref();
  return () => clearInterval(looks);
}

/**
 * Whether `nohup` started it, to outlive its terminal. Node.js takes SIGHUP whatever it was started with, and so the
 * shell's word counts, which notes what it starts.
 */
export function isUnderNohup(): boolean {
  if (basename(environmentVariable("_") ?? "") === "nohup") return true;
  const [, ignored = "0"] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readIfThere("/proc/self/status")) ?? [];
  return (BigInt(`0x${ignored}`) & 1n) === 1n;
}

/** npm runs commands through a shell, which may stay in between, and outlive npm; `undefined` where it is no shell. */
function parentOfShell(pid: number): number | undefined {
  const [, name = "", parent] = stat(pid) ?? ps(pid) ?? [];
  return shells.test(basename(name)) && Number(parent) > 1 ? Number(parent) : undefined;
}

/** An orphan gets another parent at once; one that ended may still be listed. */
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
    // It may be another user's.
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
