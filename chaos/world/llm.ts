import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Trial } from "../scenario.ts";
import type { LlmBehaviour, LlmCall } from "./llm-behaviour.ts";

export interface LlmTally {
  readonly calls: readonly LlmCall[];
  readonly inFlight: number;
}

export interface Llm {
  /** What to set `OPENAI_BASE_URL` to. */
  readonly baseUrl: string;
  /** All calls so far. */
  tally(): Promise<LlmTally>;
}

/** Starts a provider in a process of its own. */
export async function startLlm(trial: Trial, behaviour: LlmBehaviour): Promise<Llm> {
  const child = fork(path.join(import.meta.dirname, "llm-child.ts"), [JSON.stringify(behaviour)], {
    execArgv: ["--conditions=@pandaprobe/source"],
  });
  trial.defer(() => child.kill("SIGKILL"));
  const { baseUrl } = await nextMessage<{ baseUrl: string }>(child);
  return {
    baseUrl,
    async tally() {
      child.send("tally");
      return nextMessage<LlmTally>(child);
    },
  };
}

async function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  const [message] = (await once(child, "message")) as [Message];
  return message;
}
