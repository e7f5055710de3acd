import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { PandaProbe } from "@pandaprobe/sdk";

/*
 * The CPU time of a call through the SDK ÷ that of the same call with a bare `fetch`, with the same headers and JSON. Measures
 * both alternately, with the same server and connections.
 */

const rounds = 16;
const callsPerRound = 320;
const inFlight = 8;
const limit = 2;

const child = fork(path.join(import.meta.dirname, "echo-child.ts"));
const [port] = (await once(child, "message")) as [number];
const endpoint = `http://127.0.0.1:${port}`;
const apiKey = `sk_pp_${"0123456789abcdef".repeat(4)}`;
const client = new PandaProbe({ endpoint, apiKey, projectName: "bench" });
const body = { metrics: ["task_completion"], filters: { tags: ["production"] } };
const id = "33333333-3333-3333-3333-333333333333";
const headers = { "x-api-key": apiKey, "x-project-name": "bench" };

async function bareGet(): Promise<unknown> {
  const response = await fetch(`${endpoint}/evaluations/trace-runs/${id}`, { headers });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

async function barePost(): Promise<unknown> {
  const response = await fetch(`${endpoint}/evaluations/trace-runs`, {
    method: "POST",
    headers: {
      ...headers,
      "content-type": "application/json",
      "idempotency-key": crypto.randomUUID(),
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

await compare("GET", bareGet, () => client.getTraceRun(id));
await compare("POST", barePost, () => client.createTraceRun(body));
child.kill();

async function compare(what: string, bare: () => Promise<unknown>, ours: () => Promise<unknown>) {
  // Warm-up.
  for (let round = 0; round < rounds / 8; round++) {
    await cpuOf(bare);
    await cpuOf(ours);
  }
  const bareCpu: number[] = [];
  const ourCpu: number[] = [];
  for (let round = 0; round < rounds; round++) {
    bareCpu.push(await cpuOf(bare));
    ourCpu.push(await cpuOf(ours));
  }
  // The fastest round of each, because garbage collection and other load only ever add time.
  const ratio = Math.min(...ourCpu) / Math.min(...bareCpu);
  console.log(`${what}: a call costs ${ratio.toFixed(2)} × the CPU of a bare fetch (goal: ${limit} ×)`);
  if (ratio > limit) process.exitCode = 1;
}

async function cpuOf(call: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let made = 0; made < callsPerRound; made += inFlight) {
    await Promise.all(Array.from({ length: inFlight }, call));
  }
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
