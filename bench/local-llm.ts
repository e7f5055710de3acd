import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

interface Tally {
  readonly calls: number;
  readonly maxInFlight: number;
}

/** Starts a local OpenAI-compatible provider in a process of its own. It takes `latencyMs` per answer. */
export async function startLocalLlm(latencyMs: number) {
  const child = fork(path.join(import.meta.dirname, "llm-child.ts"), [String(latencyMs)]);
  const [{ baseUrl }] = (await once(child, "message")) as [{ baseUrl: string }];
  return {
    baseUrl,
    async tally(): Promise<Tally> {
      child.send("tally");
      const [tally] = (await once(child, "message")) as [Tally];
      return tally;
    },
    stop: () => child.kill(),
  };
}
