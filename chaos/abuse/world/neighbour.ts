import { setTimeout as sleep } from "node:timers/promises";
import type { EvalRunResponse } from "@pandaprobe/contract";
import type { Api } from "../../world/api.ts";

/** What a tenant experienced while it worked. */
export interface Experience {
  /** How long each of its runs took, in milliseconds. */
  readonly runsMs: number[];
  /** How long each of its reads took, in milliseconds. */
  readonly readsMs: number[];
  /** 5xx answers, missing answers and failed runs. */
  readonly faults: string[];
}

/** A well-behaved tenant: one small run after the other, and reads of its traces. */
export class Neighbour {
  readonly #api: Api;
  readonly #pauseMs: number;

  /** @param pauseMs The pause after each run. */
  constructor(api: Api, pauseMs: number) {
    this.#api = api;
    this.#pauseMs = pauseMs;
  }

  async settleIn(): Promise<void> {
    await this.#api.post(
      "/traces",
      { name: "honest", input: "What is 2 plus 2?", output: "It is 4.", started_at: "2026-03-01T10:00:00Z" },
      202,
    );
  }

  /** Works until `over` is aborted, at least one round. */
  async work(over: AbortSignal): Promise<Experience> {
    const experience: Experience = { runsMs: [], readsMs: [], faults: [] };
    do {
      try {
        await this.#round(experience);
      } catch (error) {
        experience.faults.push(String(error));
      }
    } while (!over.aborted);
    return experience;
  }

  async #round({ runsMs, readsMs, faults }: Experience): Promise<void> {
    const startedAt = performance.now();
    const created = await this.#api.send<EvalRunResponse>("POST", "/evaluations/trace-runs", {
      metrics: ["task_completion", "tool_correctness"],
    });
    let run = created;
    while (run.status < 300 && (run.body.status === "PENDING" || run.body.status === "RUNNING")) {
      run = await this.#api.send("GET", `/evaluations/trace-runs/${created.body.id}`, undefined, {
        prefer: "wait=20",
      });
    }
    if (run.status >= 500 || run.status === 0) faults.push(`a run answered ${run.status}`);
    else if (run.body.status !== "COMPLETED" || run.body.failed_count > 0)
      faults.push(`a run ended ${run.body.status} with ${run.body.failed_count} failed scores`);
    else runsMs.push(performance.now() - startedAt);
    const readAt = performance.now();
    for (const path of ["/traces", "/health"]) {
      const { status } = await this.#api.get(path);
      if (status !== 200) faults.push(`${path} answered ${status}`);
    }
    readsMs.push(performance.now() - readAt);
    await sleep(this.#pauseMs);
  }
}
