import { toText } from "../../../metrics/to-text.ts";
import { trimText } from "../../../metrics/trim/text.ts";
import { coverage, stems } from "../compare/words.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { counted, type Finding, scoreFindings } from "../finding.ts";
import { findReporting } from "../language/reporting.ts";
import { findPlan } from "./plan.ts";

/** A planned step counts as carried out where this share of its words is in a later step. */
const MATCH = 0.34;
const MAX_CHARS = 4_000;
/** Of more deeds than this, those right after the plan are compared with it. */
const MOST_DEEDS = 300;

/** Something that was done after the plan stood. */
interface Deed {
  readonly name: string;
  readonly isCall: boolean;
  readonly words: ReadonlySet<string>;
}

/** What became of a plan. */
interface Fate {
  /** Planned steps that are nowhere to be seen. */
  readonly missing: string[];
  /** Planned steps that no later step shows, but the answer speaks of. */
  readonly told: string[];
  /** How many were carried out before one that was planned earlier. */
  swaps: number;
  /** Names of tools that were called without a planned step that speaks of it. */
  readonly extras: string[];
}

/** Whether the steps of the plan can be found in what came after it, in its order and without extras. */
export function scorePlanAdherence(
  evidence: Evidence,
  plan: readonly string[],
): { score: number; reason: string } {
  const { missing, told, swaps, extras } = followPlan(evidence, plan);
  const steps = counted(plan.length, "planned step");
  const findings: Finding[] = [];
  const share = (count: number, weight: number, most = 1): number =>
    -Math.min(most, (weight * count) / plan.length);
  if (missing.length > 0) {
    const text = `${missing.length} of ${steps} not found in what came later (such as ${sample(missing)})`;
    findings.push({ points: share(missing.length, 0.9), text });
  }
  if (told.length > 0) {
    const text = `${told.length} of ${steps} only told of in the answer (such as ${sample(told)})`;
    findings.push({ points: share(told.length, 0.4), text });
  }
  if (swaps > 0) {
    findings.push({ points: share(swaps, 0.4, 0.2), text: `${counted(swaps, "planned step")} out of order` });
  }
  if (extras.length > 0) {
    const points = -Math.min(0.3, (0.4 * extras.length) / Math.max(3, plan.length));
    const text = `${counted(extras.length, "tool call")} that no planned step speaks of (such as ${sample(extras)})`;
    findings.push({ points, text });
  }
  return scoreFindings(1, findings, `all of ${steps} found in what came later, in order`);
}

function followPlan(evidence: Evidence, plan: readonly string[]): Fate {
  const planned = plan.map((step) => ({ step, words: stems(step) }));
  const deeds = deedsAfter(findPlan(evidence).madeAt, evidence);
  const answer = stems(evidence.answer);
  const fate: Fate = { missing: [], told: [], swaps: 0, extras: [] };
  const used = new Set<number>();
  let last = -1;
  for (const { step, words } of planned) {
    const at = bestMatch(words, deeds, used, last);
    if (at !== undefined) {
      used.add(at);
      if (at < last) fate.swaps++;
      last = Math.max(last, at);
    } else if (answer.size === 0) fate.missing.push(step);
    // "Report the result": the answer itself carries such a step out.
    else if (findReporting(step).length === 0) {
      (coverage(words, answer) >= MATCH ? fate.told : fate.missing).push(step);
    }
  }
  for (const [i, { name, isCall, words }] of deeds.entries()) {
    if (isCall && !used.has(i) && planned.every((one) => coverage(one.words, words) < MATCH)) {
      fate.extras.push(name);
    }
  }
  return fate;
}

function sample([first = ""]: readonly string[]): string {
  return `"${trimText(first, 100)}"`;
}

/** The tool calls and other steps after the plan, in words. Model calls are left out: what they ask for is a step itself. */
function deedsAfter(madeAt: number, { trace, tools }: Evidence): Deed[] {
  const descriptions = new Map(tools.map(({ name, description }) => [name, description]));
  return trace.spans
    .slice(madeAt)
    .filter(({ kind }) => kind !== "LLM" && kind !== "AGENT" && kind !== "CHAIN")
    .slice(0, MOST_DEEDS)
    .map(({ name, kind, input }) => {
      // Results are left out: they hold too much that was not the point of the step.
      const texts = [name, descriptions.get(name) ?? "", toText(input)];
      const words = stems(texts.map((text) => trimText(text, MAX_CHARS)).join(" "));
      return { name, isCall: kind === "TOOL", words };
    });
}

/** The unused deed that has most words of a planned step; of equals the first after the last match. */
function bestMatch(
  wanted: ReadonlySet<string>,
  deeds: readonly Deed[],
  used: ReadonlySet<number>,
  last: number,
): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (const [i, { words }] of deeds.entries()) {
    const share = coverage(wanted, words);
    if (used.has(i) || share < MATCH) continue;
    if (share > most || (share === most && best !== undefined && best < last && i > last)) {
      best = i;
      most = share;
    }
  }
  return best;
}
