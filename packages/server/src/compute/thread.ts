// Runs in the threads of `threads.ts`, one task at a time.

import { threadId } from "node:worker_threads";
import { JudgeError, ProblemError } from "@pandaprobe/contract/rules";
import { move, transferableSymbol, valueSymbol } from "piscina";
import { type MaskTask, maskBody as maskRequest } from "./mask-body.ts";
import { decodeLogs as decodeLogRequest } from "./otlp/decode-logs.ts";
import {
  type Decoded,
  type DecodeTask,
  type DecodeTracesTask,
  decodeTraces as decodeTraceRequest,
} from "./otlp/decode-traces.ts";
import {
  type AgreementTask,
  type ComparisonTask,
  computeAgreement,
  computeComparison,
  type EvaluateTask,
  evaluateWithHeuristic,
  type PrepareTask,
  prepareTrace,
} from "./tasks.ts";

/** A task, and where its thread reports its id and the CPU milliseconds that it had used before the task. */
export interface Posted<Task> {
  readonly task: Task;
  readonly report: Float64Array;
}

/** The result of a task. A refusal is data, because errors lose their class between threads. */
export type Answered<Result> = { readonly result: Result } | { readonly refusal: string };

export const prepare = (posted: Posted<PrepareTask>) => answer(posted, prepareTrace);
export const evaluate = (posted: Posted<EvaluateTask>) => answer(posted, evaluateWithHeuristic);
export const agreement = (posted: Posted<AgreementTask>) => answer(posted, computeAgreement);
export const comparison = (posted: Posted<ComparisonTask>) => answer(posted, computeComparison);

export async function decodeTraces(posted: Posted<DecodeTracesTask>) {
  const answered = await answer(posted, (task) => decoded(() => decodeTraceRequest(task)));
  const result = "result" in answered && "decoded" in answered.result ? answered.result.decoded : null;
  const columns = result?.projects.flatMap(({ spans }) => spans) ?? [];
  return handingOver(
    answered,
    columns.map(({ buffer }) => buffer),
  );
}

/** An answer whose memory is not copied. Piscina takes it out of its wrapper. */
function handingOver<Answer extends object>(answered: Answer, memory: readonly ArrayBufferLike[]): Answer {
  return move({ [transferableSymbol]: memory, [valueSymbol]: answered }) as Answer;
}

export const maskBody = (posted: Posted<MaskTask>) =>
  answer(posted, (task) => decoded(() => maskRequest(task)));

export const decodeLogs = (posted: Posted<DecodeTask>) =>
  answer(posted, (task) => decoded(() => decodeLogRequest(task)));

function decoded<Result>(decode: () => Result): Decoded<Result> {
  try {
    return { decoded: decode() };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { problem: { code: error.code, detail: error.message } };
  }
}

async function answer<Task, Result>(
  { task, report }: Posted<Task>,
  work: (task: Task) => Result | Promise<Result>,
): Promise<Answered<Result>> {
  const { user, system } = process.threadCpuUsage?.() ?? { user: 0, system: 0 };
  report[1] = (user + system) / 1000;
  report[0] = threadId;
  try {
    return { result: await work(task) };
  } catch (error) {
    if (error instanceof JudgeError) return { refusal: error.message };
    throw error;
  }
}
