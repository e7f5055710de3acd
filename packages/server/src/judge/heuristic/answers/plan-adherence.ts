import { toText } from "../../../metrics/to-text.ts";
import { trimText } from "../../../metrics/trim/text.ts";
import { coverage, stems } from "../compare/words.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { counted, type Finding, scoreFindings } from "../finding.ts";
import { findReporting } from "../language/reporting.ts";
import { findPlan } from "./plan.ts";

/** A planned step counts as carried out if a later action contains this share of its words. */
const MATCH = 0.34;
const MAX_CHARS = 4_000;
/** At most this many actions after the plan are compared with it. */
const MAX_ACTIONS = 300;

/** A step of the trace after the plan was made. */
interface Action {
  readonly name: string;
  readonly isCall: boolean;
  readonly words: ReadonlySet<string>;
}

/** A plan compared with the agent's actions. */
interface Comparison {
  /** Planned steps that were not found. */
  readonly missing: string[];
  /** Planned steps that only the answer mentions. */
  readonly onlyMentioned: string[];
  /** How many steps were carried out before one that was planned earlier. */
  swaps: number;
  /** Names of tools that were called although no planned step mentions them. */
  readonly extras: string[];
}

/** Whether the steps of the plan can be found in the later actions, in order and without extras. */
export function scorePlanAdherence(
  evidence: Evidence,
  plan: readonly string[],
): { score: number; reason: string } {
  const { missing, onlyMentioned, swaps, extras } = comparePlan(evidence, plan);
  const steps = counted(plan.length, "planned step");
  const findings: Finding[] = [];
  const share = (count: number, weight: number, most = 1): number =>
    -Math.min(most, (weight * count) / plan.length);
  if (missing.length > 0) {
    const text = `${missing.length} of ${steps} not found in what came later (such as ${sample(missing)})`;
    findings.push({ points: share(missing.length, 0.9), text });
  }
  if (onlyMentioned.length > 0) {
    const text = `${onlyMentioned.length} of ${steps} only mentioned in the answer (such as ${sample(onlyMentioned)})`;
    findings.push({ points: share(onlyMentioned.length, 0.4), text });
  }
  if (swaps > 0) {
    findings.push({ points: share(swaps, 0.4, 0.2), text: `${counted(swaps, "planned step")} out of order` });
  }
  if (extras.length > 0) {
    const points = -Math.min(0.3, (0.4 * extras.length) / Math.max(3, plan.length));
    const text = `${counted(extras.length, "tool call")} that no planned step mentions (such as ${sample(extras)})`;
    findings.push({ points, text });
  }
  return scoreFindings(1, findings, `all of ${steps} found in what came later, in order`);
}

function comparePlan(evidence: Evidence, plan: readonly string[]): Comparison {
  const planned = plan.map((step) => ({ step, words: stems(step) }));
  const actions = actionsAfter(findPlan(evidence).madeAt, evidence);
  const answer = stems(evidence.answer);
  const comparison: Comparison = { missing: [], onlyMentioned: [], swaps: 0, extras: [] };
  const used = new Set<number>();
  let last = -1;
  for (const { step, words } of planned) {
    const at = bestMatch(words, actions, used, last);
    if (at !== undefined) {
      used.add(at);
      if (at < last) comparison.swaps++;
      last = Math.max(last, at);
    } else if (answer.size === 0) comparison.missing.push(step);
    // The answer itself carries out a step like "Report the result".
    else if (findReporting(step).length === 0) {
      (coverage(words, answer) >= MATCH ? comparison.onlyMentioned : comparison.missing).push(step);
    }
  }
  for (const [i, { name, isCall, words }] of actions.entries()) {
    if (isCall && !used.has(i) && planned.every((one) => coverage(one.words, words) < MATCH)) {
      comparison.extras.push(name);
    }
  }
  return comparison;
}

function sample([first = ""]: readonly string[]): string {
  return `"${trimText(first, 100)}"`;
}

/** The tool calls and other actions after the plan, in words. Model calls are left out: what they request is an action itself. */
function actionsAfter(madeAt: number, { trace, tools }: Evidence): Action[] {
  const descriptions = new Map(tools.map(({ name, description }) => [name, description]));
  return trace.spans
    .slice(madeAt)
    .filter(({ kind }) => kind !== "LLM" && kind !== "AGENT" && kind !== "CHAIN")
    .slice(0, MAX_ACTIONS)
    .map(({ name, kind, input }) => {
      // Results are left out, because most of their words do not describe the action's purpose.
      const texts = [name, descriptions.get(name) ?? "", toText(input)];
      const words = stems(texts.map((text) => trimText(text, MAX_CHARS)).join(" "));
      return { name, isCall: kind === "TOOL", words };
    });
}

/** The unused action with the most words of a planned step; of equal ones, the first after the last match. */
function bestMatch(
  wanted: ReadonlySet<string>,
  actions: readonly Action[],
  used: ReadonlySet<number>,
  last: number,
): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (const [i, { words }] of actions.entries()) {
    const share = coverage(wanted, words);
    if (used.has(i) || share < MATCH) continue;
    if (share > most || (share === most && best !== undefined && best < last && i > last)) {
      best = i;
      most = share;
    }
  }
  return best;
}
