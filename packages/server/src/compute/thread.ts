// Runs in the threads of `threads.ts`, one task at a time.

import { threadId } from "node:worker_threads";
import { JudgeError } from "@pandaprobe/contract/rules";
import { type EvaluateTask, evaluateWithHeuristic, type PrepareTask, prepareTrace } from "./tasks.ts";

/** A task, and where its thread tells who it is: its id, and the milliseconds of CPU that it had used before. */
export interface Posted<Task> {
  readonly task: Task;
  readonly teller: Float64Array;
}

/** What a task gave; what it refuses to do is data, for errors lose their class between threads. */
export type Answered<Result> = { readonly result: Result } | { readonly refusal: string };

export const prepare = (posted: Posted<PrepareTask>) => answer(posted, prepareTrace);
export const evaluate = (posted: Posted<EvaluateTask>) => answer(posted, evaluateWithHeuristic);

async function answer<Task, Result>(
  { task, teller }: Posted<Task>,
  work: (task: Task) => Result | Promise<Result>,
): Promise<Answered<Result>> {
  const { user, system } = process.threadCpuUsage?.() ?? { user: 0, system: 0 };
  teller[1] = (user + system) / 1000;
  teller[0] = threadId;
  try {
    return { result: await work(task) };
  } catch (error) {
    if (error instanceof JudgeError) return { refusal: error.message };
    throw error;
  }
}
