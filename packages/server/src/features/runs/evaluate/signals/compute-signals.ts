import { SIGNALS, type Signal } from "@pandaprobe/contract/rules";
import type { StoredPlace } from "../../../../compute/tasks.ts";
import { LOOP_WINDOW_SIZE } from "../../../../metrics/loop-detection.ts";
import { readStoredTraces, type StoredTrace } from "../../../traces/stored-trace.ts";
import { judgeTrace } from "../evaluate-trace.ts";
import { mapJudges, type Panel } from "../panel.ts";
import type { EvaluationContext, TargetJob } from "../target-job.ts";
import { readSessionPage, type SessionStep } from "./session-page.ts";

/** How many traces are read at once. */
const mostPerPage = 8;

/** How far a session has been read. */
interface Reading {
  readonly pageSize: number;
  last: SessionStep | undefined;
  /** How many traces have been read. */
  count: number;
  /** The last of these traces, for loop detection. */
  latest: StoredPlace["before"];
}

/**
 * Computes and stores the missing signals of a session's traces. The traces are read in order, page by page as slots
 * become free, and judged concurrently.
 *
 * @param atMost no page is read after this many traces. Default: all are read.
 * @returns the number of traces read.
 */
export async function computeSignals(
  context: EvaluationContext,
  job: TargetJob,
  atMost: number = Number.POSITIVE_INFINITY,
): Promise<number> {
  const { traceSlots } = context;
  const failed = new AbortController();
  const stop = AbortSignal.any([job.stop, failed.signal]);
  const running = new Set<Promise<void>>();
  const start = (work: Promise<void>) => {
    const ended = work
      .catch((error: unknown) => failed.abort(error))
      .finally(() => {
        traceSlots.giveBack(1);
        running.delete(ended);
      });
    running.add(ended);
  };
  const pageSize = Math.min(mostPerPage, traceSlots.total);
  const reading: Reading = { pageSize, last: undefined, count: 0, latest: [] };
  try {
    do {
      await traceSlots.take(pageSize, stop);
    } while ((await startPage(context, job, reading, start)) && reading.count < atMost);
  } finally {
    await Promise.all(running);
  }
  failed.signal.throwIfAborted();
  return reading.count;
}

/**
 * Reads the next page, for which the slots are taken, and starts judging its missing signals. Each trace that is judged
 * keeps its slot; the other slots are given back.
 *
 * @returns whether there may be another page.
 */
async function startPage(
  context: EvaluationContext,
  job: TargetJob,
  reading: Reading,
  start: (work: Promise<void>) => void,
): Promise<boolean> {
  let unused = reading.pageSize;
  try {
    const steps = await readSessionPage(context.db, job, reading.last, reading.pageSize);
    const open = missingSignals(steps, reading);
    const traces = await readStoredTraces(context.db, job.key.project_id, [...open.keys()]);
    for (const trace of traces) {
      const missing = open.get(trace.trace_id);
      if (missing === undefined) continue;
      unused -= 1;
      start(judgeSignals(context, job, trace, missing));
    }
    reading.last = steps.at(-1);
    reading.count += steps.length;
    reading.latest = [...reading.latest, ...steps.map(traceOutput)].slice(-LOOP_WINDOW_SIZE);
    return steps.length === reading.pageSize;
  } finally {
    context.traceSlots.giveBack(unused);
  }
}

function traceOutput({ trace_id, output }: SessionStep): StoredPlace["before"][number] {
  return { trace_id, output };
}

interface Missing {
  readonly signals: readonly Signal[];
  readonly place: StoredPlace;
}

/** The signals that are not stored, by trace. Traces that have all signals are left out. */
function missingSignals(steps: readonly SessionStep[], { count, latest }: Reading): Map<string, Missing> {
  const all = [...latest, ...steps.map(traceOutput)];
  const missing = new Map<string, Missing>();
  for (const [i, { trace_id, stored }] of steps.entries()) {
    const end = latest.length + i;
    const place = { index: count + i, before: all.slice(Math.max(0, end - LOOP_WINDOW_SIZE), end) };
    const signals = SIGNALS.filter((signal) => !stored.includes(signal));
    if (signals.length > 0) missing.set(trace_id, { signals, place });
  }
  return missing;
}

/** Rejects only if a signal has not ended: the process is stopping, or the database does not answer. */
async function judgeSignals(
  context: EvaluationContext,
  job: TargetJob,
  trace: StoredTrace,
  { signals, place }: Missing,
): Promise<void> {
  const { project_id, run_id } = job.key;
  await judgeTrace(context, job, {
    trace,
    metrics: signals,
    place,
    panel: mapJudges(signalPanel(job.panel), (judge) =>
      context.embeddings.judgeFor({ project_id, id: run_id }, judge),
    ),
    record: (metric, outcome) =>
      context.signals.record({
        project_id,
        run_id,
        metric,
        target_id: trace.trace_id,
        contentHash: trace.contentHash,
        ...outcome,
      }),
  });
}

/** A jury votes on the session. A signal, which is only a part of that, is always the mean. */
function signalPanel(panel: Panel): Panel {
  return panel.aggregate === null ? panel : { ...panel, aggregate: "mean" };
}
