import { CallsMayEnd } from "../../judge/calls/calls-may-end.ts";
import { UnusableModelError } from "../../judge/calls/unusable-model-error.ts";
import type { Judges } from "../../judge/judges.ts";
import type { Ledger } from "../../judge/ledger/ledger.ts";
import { ModelError } from "../../judge/model-error.ts";
import type { Judge } from "../../metrics/judge.ts";
import { evaluateSession } from "./evaluate-session.ts";
import { evaluateTrace } from "./evaluate-trace.ts";
import { failRun } from "./fail-run.ts";
import { failTarget } from "./fail-target.ts";
import { gateJudge } from "./gate-judge.ts";
import type { OpenRun } from "./open-runs.ts";
import { findOpenTarget, type TargetKey } from "./open-target.ts";
import type { TargetContext, TargetJob } from "./target-job.ts";
import type { TargetType } from "./target-kinds/target-kind.ts";
import { kindOf } from "./target-kinds/target-kinds.ts";

/**
 * A target whose job was begun this often and never ended is given up: it may be what ends the process. Tries that were put
 * down in order, or for a database that went away, do not count.
 */
export const maxTries = 3;

const evaluators: Readonly<Record<TargetType, (context: TargetContext, job: TargetJob) => Promise<void>>> = {
  TRACE: evaluateTrace,
  SESSION: evaluateSession,
};

/**
 * Evaluates what is left of one target of a run. It may run twice, and beside itself: each pair still counts once.
 *
 * @param tries how often this job was begun, this time included.
 * @param signal aborts the judge calls in flight.
 */
export async function evaluateTarget(
  context: TargetContext,
  key: TargetKey,
  tries: number,
  signal: AbortSignal,
): Promise<void> {
  const run = context.openRuns.enter({ project_id: key.project_id, id: key.run_id });
  const left = new AbortController();
  const ends = { run, draining: context.draining, signal, left: left.signal };
  try {
    await evaluateOpenTarget(context, key, tries, stopSignal(ends));
  } catch (error) {
    if (run.ended.aborted) return;
    if (!(error instanceof UnusableModelError)) throw error;
    await failRun(context.db, { project_id: key.project_id, id: key.run_id }, error.message);
  } finally {
    left.abort();
    run.leave();
  }
}

async function evaluateOpenTarget(
  context: TargetContext,
  key: TargetKey,
  tries: number,
  stop: AbortSignal,
): Promise<void> {
  const target = await findOpenTarget(context.db, key);
  if (target === undefined) return;
  if (tries > maxTries) {
    const { noun } = kindOf(target.type);
    const reason = `Given up after ${maxTries} tries: each time the server stopped or failed while it evaluated this ${noun}.`;
    return failTarget(context, key, target, reason);
  }
  const { fresh, budget } = target;
  const asked = findJudge(context.judges, target.model, context.ledgers.of({ ...key, fresh, budget }));
  if (typeof asked === "string") return failTarget(context, key, target, asked);
  const judge = gateJudge(asked, context.draining);
  await evaluators[target.type](context, { key, target, judge, stop });
}

/** What ends the work for a target, and what tells that it is over. */
interface Ends {
  readonly run: OpenRun;
  readonly draining: AbortSignal;
  readonly signal: AbortSignal;
  readonly left: AbortSignal;
}

/**
 * Aborted by `signal`, by the end of the run, and when the process is about to end: then calls in flight may end, unless
 * they take too long, and questions that wait for a place do so no longer.
 */
function stopSignal({ run, draining, signal, left }: Ends): AbortSignal {
  const until = AbortSignal.any([signal, run.overdue]);
  const ended = new AbortController();
  const endOn = (cause: AbortSignal, why: string) => {
    const end = () => ended.abort(new CallsMayEnd(why, until));
    if (cause.aborted) end();
    else cause.addEventListener("abort", end, { once: true, signal: left });
  };
  endOn(run.ended, "The run has ended, or is gone.");
  endOn(draining, "The server is stopping; another worker, or the next start, goes on.");
  return AbortSignal.any([signal, ended.signal]);
}

/** The judge, or why this server does not have it: another one made the run, or it was configured otherwise then. */
function findJudge(judges: Judges, model: string, ledger: Ledger): Judge | string {
  try {
    return judges.judgeFor(model, ledger);
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    throw error;
  }
}
