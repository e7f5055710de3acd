import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Outcome } from "./outcome.ts";

/** Runs the suite as a Worker that can reach this machine. */
export async function runInWorkerd(workerd: string, worker: string, endpoint: string): Promise<Outcome[]> {
  const config = join(dirname(worker), "workerd.capnp");
  await writeFile(config, configuration(basename(worker)));
  // It picks a free port, and prints it to file descriptor 3.
  const child = spawn(workerd, ["serve", "--control-fd=3", config], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
    env: {},
  });
  try {
    const port = await listeningPort(child.stdio[3] as Readable);
    const url = `http://127.0.0.1:${port}/?endpoint=${encodeURIComponent(endpoint)}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
    const text = await response.text();
    if (!response.ok) throw new Error(`The worker answered ${response.status}: ${text}`);
    return JSON.parse(text) as Outcome[];
  } finally {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
}

async function listeningPort(control: Readable): Promise<number> {
  for await (const line of createInterface({ input: control })) {
    const { event, port } = JSON.parse(line) as { event: string; port?: number };
    if (event === "listen" && port !== undefined) return port;
  }
  throw new Error("workerd ended before it listened; what it said is above.");
}

const configuration = (worker: string) => `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .mainWorker),
    (name = "outside", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const mainWorker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "${worker}")],
  compatibilityDate = "2026-01-01",
  globalOutbound = "outside",
);
`;
