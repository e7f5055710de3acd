// Tries the sender of traces in Next.js's edge runtime, where `process.on` is a stub that throws:
//
//   node scripts/bootstrap.mjs packages/sdk/scripts/try-next-edge.ts
//
// It fetches Next.js, 300 MB, into a folder that it deletes, which is why it is no test.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { packPackage } from "../test/support/packed-package.ts";
import { run } from "../test/support/run.ts";

const next = "16.4.6";
const stored: string[] = [];

const server = createServer(async (request, response) => {
  const { traces } = JSON.parse(await text(request)) as { traces: { name: string }[] };
  stored.push(...traces.map(({ name }) => name));
  response.writeHead(202, { "content-type": "application/json" });
  response.end(JSON.stringify({ items: [], accepted: traces.length, rejected: 0 }));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo;

const route = `
  import { PandaProbe } from "@pandaprobe/sdk/traces";
  export const runtime = "edge";
  const drops = [];
  const client = new PandaProbe({
    apiKey: "a", projectName: "b", endpoint: "http://127.0.0.1:${port}",
    traces: { maxWaitMs: 100, onDrop: ({ reason }) => drops.push(reason) },
  });
  export async function GET() {
    client.traces.send({ name: "edge", started_at: new Date().toISOString() });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    let on = "works";
    try { process.on("exit", () => {}); } catch { on = "throws"; }
    return Response.json({ on, drops, stats: client.traces.stats() });
  }`;
const layout = "export default ({ children }) => <html><body>{children}</body></html>;";

await using packed = await packPackage();
const app = join(packed.project, "app");
await mkdir(join(app, "send"), { recursive: true });
await writeFile(join(app, "layout.js"), layout);
await writeFile(join(app, "send/route.js"), route);
await run("npm", ["install", "--no-audit", "--no-fund", `next@${next}`, "react@19", "react-dom@19"], {
  cwd: packed.project,
});

const program = join(packed.project, "node_modules/next/dist/bin/next");
const child = spawn(process.execPath, [program, "dev", "--port", "0"], {
  cwd: packed.project,
  env: { PATH: process.env["PATH"], HOME: process.env["HOME"], NEXT_TELEMETRY_DISABLED: "1" },
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    said += chunk;
  });
  const address = () => /http:\/\/localhost:(\d+)/.exec(said)?.[0];
  while (address() === undefined && child.exitCode === null) await sleep(100);
  const response = await fetch(`${address()}/send`, { signal: AbortSignal.timeout(120_000) });
  const answer = await response.text();
  const expected = {
    on: "throws",
    drops: [],
    stats: { queued: 0, queuedBytes: 0, sent: 1, dropped: 0 },
  };
  if (answer !== JSON.stringify(expected) || stored.join() !== "edge") {
    process.exitCode = 1;
    process.stderr.write(`Next.js ${next} answered ${response.status} ${answer}\n${said}\n`);
  } else {
    process.stdout.write(`Next.js ${next} sends one trace at the edge, and drops none.\n`);
  }
} finally {
  child.kill();
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  server.close();
  server.closeAllConnections();
}
