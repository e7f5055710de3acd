import type { JuryAggregate } from "@pandaprobe/contract";
import {
  combineRepeats,
  combineVotes,
  isQuorum,
  JudgeError,
  type Judgement,
  ModelError,
  type ScoreResult,
} from "@pandaprobe/contract/rules";
import { HEURISTIC_MODEL } from "../../../judge/heuristic/heuristic-judge.ts";
import { UnusableModelError } from "../../../judge/queue/model-queue.ts";
import type { Judge } from "../../../metrics/judge.ts";
import type { PinnedMetrics } from "../../metrics/run-metrics.ts";

/** Who judges the items of a run, and how often: one judge, or the members of a jury. */
export interface Panel {
  /** At least one. */
  readonly members: readonly Member[];
  readonly repeats: number;
  /** How the votes of a jury are combined; `null` for one judge. */
  readonly aggregate: JuryAggregate | null;
}

export type Member =
  /** One judge for each repeat. They share no answers. */
  | { readonly model: string; readonly judges: readonly Judge[] }
  /** This server does not have the model: another one created the run, or the configuration has changed. */
  | { readonly model: string; readonly missing: string };

/** Evaluates an item once: a member, in one of its repeats. */
export interface Seat {
  readonly model: string;
  /** From 1. */
  readonly repeat: number;
  readonly judge: Judge;
}

/** The columns of a run that say who judges it. */
export interface PanelRequest {
  readonly models: readonly string[];
  readonly repeats: number;
  readonly aggregate: JuryAggregate | null;
}

/** How many repeats of one item are evaluated at once, all members together: each holds prompts of the whole trace. */
const repeatsAtOnce = 6;

/**
 * @param judgeOf the judge with a resolved model, for a repeat from 1. May throw a ModelError.
 * @throws JudgeError unless this server has more than half of the models.
 */
export function createPanel(
  { models, repeats, aggregate }: PanelRequest,
  judgeOf: (model: string, repeat: number) => Judge,
): Panel {
  const members = models.map((model) => createMember(model, repeats, judgeOf));
  const missing = members.flatMap((member) => ("missing" in member ? [member.missing] : []));
  if (isQuorum(members.length - missing.length, members.length)) return { members, repeats, aggregate };
  throw new JudgeError(missing.join(" "));
}

/** Panels of metrics that have their own judge: one for each model, so that metrics share their questions. */
export function panelsOf(
  { own, panel: { repeats } }: { readonly own: PinnedMetrics; readonly panel: PanelRequest },
  panel: Panel,
  judgeOf: (model: string, repeat: number) => Judge,
): (metric: string) => Panel {
  const byModel = new Map<string, Panel>();
  return (metric) => {
    const model = own.get(metric)?.model;
    if (model == null) return panel;
    const made = byModel.get(model) ?? createPanel({ models: [model], repeats, aggregate: null }, judgeOf);
    byModel.set(model, made);
    return made;
  };
}

function createMember(
  model: string,
  repeats: number,
  judgeOf: (model: string, repeat: number) => Judge,
): Member {
  try {
    return { model, judges: Array.from({ length: repeats }, (_, i) => judgeOf(model, i + 1)) };
  } catch (error) {
    if (error instanceof ModelError) return { model, missing: error.message };
    throw error;
  }
}

/** The same panel with other judges. */
export function mapJudges(panel: Panel, change: (judge: Judge) => Judge): Panel {
  const members = panel.members.map((member) =>
    "judges" in member ? { ...member, judges: member.judges.map(change) } : member,
  );
  return { ...panel, members };
}

/**
 * The judge that embeds texts for metrics that ask no questions, once for all members. It is one with a
 * model, if the panel has one.
 */
export function embeddingJudge({ members }: Panel): Judge {
  const judges = members.flatMap((member) => ("judges" in member ? member.judges.slice(0, 1) : []));
  const judge = judges.find(({ model }) => model !== HEURISTIC_MODEL) ?? judges[0];
  if (judge === undefined) throw new TypeError("A panel has a judge.");
  return judge;
}

/**
 * Evaluates an item with every member and in every repeat, and combines the scores. Waits for all of them.
 *
 * @throws JudgeError without a quorum, or if the run's budget did not allow one of them; `UnusableModelError` if a
 * quorum of members is unusable; every other error of `evaluate`.
 */
export async function judgeByPanel(
  panel: Panel,
  threshold: number,
  evaluate: (seat: Seat) => Promise<ScoreResult>,
): Promise<ScoreResult> {
  const { members, aggregate } = panel;
  const atOnce = Math.max(1, Math.floor(repeatsAtOnce / members.length));
  const settled = await Promise.allSettled(
    members.map((member) => judgeByMember(member, { threshold, atOnce }, evaluate)),
  );
  const unusable: UnusableModelError[] = [];
  const judged = settled.map((result, i) => {
    const model = members[i]?.model ?? "";
    if (result.status === "fulfilled") return { model, judgement: { score: result.value } };
    const error: unknown = result.reason;
    if (error instanceof UnusableModelError) unusable.push(error);
    else if (!isOfOneJudge(error)) throw error;
    return { model, judgement: { missing: error.message } };
  });
  const [first] = unusable;
  // Every other item would end the same way.
  if (first !== undefined && !isQuorum(members.length - unusable.length, members.length)) throw first;
  if (aggregate !== null) return combineVotes(judged, { aggregate, threshold });
  return onlyResult(settled);
}

function onlyResult([result]: readonly PromiseSettledResult<ScoreResult>[]): ScoreResult {
  if (result?.status === "fulfilled") return result.value;
  throw result?.reason;
}

interface MemberRules {
  readonly threshold: number;
  /** How many repeats are evaluated at once. */
  readonly atOnce: number;
}

/** The score of one member. Repeats are not started any more once more than half of them cannot be reached. */
async function judgeByMember(
  member: Member,
  { threshold, atOnce }: MemberRules,
  evaluate: (seat: Seat) => Promise<ScoreResult>,
): Promise<ScoreResult> {
  if ("missing" in member) throw new JudgeError(member.missing);
  const { model, judges } = member;
  const [judge] = judges;
  if (judge === undefined) throw new TypeError("A member judges at least once.");
  if (judges.length === 1) return evaluate({ model, repeat: 1, judge });
  const judgements: Judgement[] = judges.map(() => ({ missing: "It was no longer asked." }));
  const waiting = judges.entries();
  let failed = 0;
  let isStopped = false;
  const work = async () => {
    for (const [i, next] of waiting) {
      if (isStopped || !isQuorum(judges.length - failed, judges.length)) return;
      try {
        judgements[i] = { score: await evaluate({ model, repeat: i + 1, judge: next }) };
      } catch (error) {
        if (!isOfOneJudge(error)) {
          isStopped = true;
          throw error;
        }
        judgements[i] = { missing: error.message };
        failed += 1;
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: atOnce }, work));
  for (const worker of workers) if (worker.status === "rejected") throw worker.reason;
  return combineRepeats(judgements, threshold);
}

/**
 * Whether one judge failed at one item, which other repeats and members may make up for. An exceeded budget says
 * nothing about the judge, and a retry continues there.
 */
function isOfOneJudge(error: unknown): error is JudgeError {
  return (
    error instanceof JudgeError && !(error instanceof UnusableModelError) && error.code !== "budget_exceeded"
  );
}
