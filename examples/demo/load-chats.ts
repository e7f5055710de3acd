// Stores conversations of your own, one JSON object with `messages` in OpenAI's chat format a line, on a running server:
//
//   PANDAPROBE_API_KEY=sk_pp_… PANDAPROBE_PROJECT_NAME=chats \
//     node scripts/bootstrap.mjs examples/demo/load-chats.ts conversations.jsonl …
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { PandaProbe } from "@pandaprobe/sdk";
import { type Chat, chatTraces } from "./chat-traces.ts";

const hourMs = 3_600_000;

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error("Name at least one file of JSON lines, each with `messages`.");
  process.exit(2);
}
const client = new PandaProbe();
for (const file of files) {
  const name = basename(file).replace(/\.\w+$/, "");
  let startMs = Date.now() - 100 * hourMs;
  let stored = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line.trim() === "") continue;
    for (const trace of chatTraces(JSON.parse(line) as Chat, name, startMs)) {
      await client.createTrace(trace);
      stored += 1;
    }
    startMs += hourMs;
  }
  console.log(`${name}: ${stored} traces`);
}
