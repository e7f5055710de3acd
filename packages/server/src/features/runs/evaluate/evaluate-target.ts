import { JudgeError, type TargetType } from "@pandaprobe/contract/rules";
import type { Judges } from "../../../judge/judges.ts";
import type { JudgeContext } from "../../../judge/llm/llm-judge.ts";
import { UnusableModelError } from "../../../judge/queue/model-queue.ts";
import { failRun } from "../finish/end-run.ts";
import { kindOf } from "../target-kinds/target-kinds.ts";
import { evaluateSession } from "./evaluate-session.ts";
import { evaluateTrace } from "./evaluate-trace.ts";
import { failTarget } from "./item-outcome.ts";
import { findOpenTarget, type TargetKey } from "./open-target.ts";
import { createPanel, type Panel, type PanelRequest, panelsOf } from "./panel.ts";
import type { StopSignals, TargetContext, TargetJob } from "./target-job.ts";

/**
 * The attempt limit of a target's job. A target whose process died this often is given up, because it may be the cause.
 * Attempts that were interrupted by a shutdown or a database outage do not count.
 */
export const maxTargetAttempts = 3;

const evaluators: Readonly<Record<TargetType, (context: TargetContext, job: TargetJob) => Promise<void>>> = {
  TRACE: evaluateTrace,
  SESSION: evaluateSession,
};

/**
 * Evaluates the open items of a target. It may run twice, even at the same time: each item still counts once.
 *
 * @param attempts how often this job was started, including this time.
 * @param signals the stop signals of the job.
 */
export async function evaluateTarget(
  context: TargetContext,
  key: TargetKey,
  attempts: number,
  signals: StopSignals,
): Promise<void> {
  const run = context.runWatch.enter({ project_id: key.project_id, id: key.run_id });
  const stop = AbortSignal.any([signals.stop, run.ended]);
  const abortCalls = AbortSignal.any([signals.abortCalls, run.overdue]);
  try {
    await evaluateOpenTarget(context, key, attempts, { stop, abortCalls });
  } catch (error) {
    if (run.ended.aborted) return;
    if (!(error instanceof UnusableModelError)) throw error;
    await failRun(context.db, { project_id: key.project_id, id: key.run_id }, error.message);
  } finally {
    run.leave();
  }
}

async function evaluateOpenTarget(
  context: TargetContext,
  key: TargetKey,
  attempts: number,
  { stop, abortCalls }: StopSignals,
): Promise<void> {
  const target = await findOpenTarget(context.db, key);
  if (target === undefined) return;
  if (attempts > maxTargetAttempts) {
    const { noun } = kindOf(target.type);
    const reason = `Given up after ${maxTargetAttempts} attempts: each time the server stopped or failed while it evaluated this ${noun}.`;
    return failTarget(context, key, target, reason);
  }
  const { fresh, budget } = target;
  const ledger = context.ledgers.of({ ...key, fresh, budget });
  const panel = findPanel(context.judges, target.panel, { ledger, abortCalls });
  if (typeof panel === "string") return failTarget(context, key, target, panel);
  const panelOf = panelsOf(target, panel, (model, repeat) =>
    context.judges.judgeFor(model, { ledger, abortCalls, repeat }),
  );
  await evaluators[target.type](context, { key, target, panel, panelOf, stop });
}

/** The judges, or why this server does not have them. */
function findPanel(judges: Judges, request: PanelRequest, judgeContext: JudgeContext): Panel | string {
  try {
    return createPanel(request, (model, repeat) => judges.judgeFor(model, { ...judgeContext, repeat }));
  } catch (error) {
    if (error instanceof JudgeError) return error.message;
    throw error;
  }
}
