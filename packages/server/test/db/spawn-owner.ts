import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { z } from "zod";

const report = z.union([
  z.object({ connectionString: z.string() }),
  z.object({ name: z.string(), message: z.string() }),
]);

export interface Owner {
  readonly pid: number;
  /** How its start ended: with a connection string, or with an error's name and message. */
  readonly report: z.infer<typeof report>;
  /** Ends the process and all of its group, and waits for that. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a process that holds a data folder, in its own process group, as a terminal would. PostgreSQL is outside that
 * group, so it survives when the group is killed.
 */
export async function spawnOwner(dataDir: string): Promise<Owner> {
  const script = fileURLToPath(new URL("embedded-owner.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@pandaprobe/source", script, dataDir], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error("the owner process did not start");
  for await (const line of createInterface({ input: child.stdout })) {
    return { pid, report: report.parse(JSON.parse(line)), kill: (signal) => killGroup(child, pid, signal) };
  }
  throw new Error("the owner process printed nothing");
}

/** The same for one test. The start has to succeed, and the process is stopped after the test. */
export async function runningOwner(dataDir: string): Promise<Owner & { readonly connectionString: string }> {
  const owner = await spawnOwner(dataDir);
  onTestFinished(() => owner.kill("SIGTERM"));
  if (!("connectionString" in owner.report)) throw new Error(owner.report.message);
  return { ...owner, connectionString: owner.report.connectionString };
}

async function killGroup(child: ChildProcess, pid: number, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  process.kill(-pid, signal);
  await exited;
}
