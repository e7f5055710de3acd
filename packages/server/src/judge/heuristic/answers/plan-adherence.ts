import { toText } from "../../../metrics/to-text.ts";
import { trimText } from "../../../metrics/trim/text.ts";
import { coverage } from "../compare/coverage.ts";
import { stems } from "../compare/stems.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { counted, type Finding, scoreFindings } from "../finding.ts";
import { findReporting } from "../language/reporting.ts";
import { findPlan } from "./plan.ts";

/** A planned step counts as carried out where this share of its words is in a later step. */
const MATCH = 0.34;
const MAX_CHARS = 4_000;

/** Something that was done after the plan stood. */
interface Deed {
  readonly name: string;
  readonly isCall: boolean;
  readonly words: ReadonlySet<string>;
}

/** Whether the steps of the plan can be found in what came after it, in its order and without extras. */
export function scorePlanAdherence(
  evidence: Evidence,
  plan: readonly string[],
): { score: number; reason: string } {
  const planned = plan.map((step) => ({ step, words: stems(step) }));
  const deeds = deedsAfter(findPlan(evidence).madeAt, evidence);
  const answer = stems(evidence.answer);

  const used = new Set<number>();
  let last = -1;
  let swaps = 0;
  const missing: string[] = [];
  for (const { step, words } of planned) {
    const at = bestMatch(words, deeds, used, last);
    if (at !== undefined) {
      used.add(at);
      if (at < last) swaps++;
      last = Math.max(last, at);
    } else if (!isInAnswer(step, words, answer)) missing.push(step);
  }
  const extras = deeds.filter(
    ({ isCall, words }, i) =>
      isCall && !used.has(i) && planned.every((one) => coverage(one.words, words) < MATCH),
  );

  const [lost] = missing;
  const [extra] = extras;
  const findings: Finding[] = [];
  if (lost !== undefined) {
    findings.push({
      points: (-0.9 * missing.length) / plan.length,
      text: `${missing.length} of ${counted(plan.length, "planned step")} not found in what came later (such as "${trimText(lost, 100)}")`,
    });
  }
  if (swaps > 0) {
    const points = -Math.min(0.2, (0.4 * swaps) / plan.length);
    findings.push({ points, text: `${counted(swaps, "planned step")} out of order` });
  }
  if (extra !== undefined) {
    findings.push({
      points: -Math.min(0.3, (0.4 * extras.length) / Math.max(3, plan.length)),
      text: `${counted(extras.length, "tool call")} that no planned step speaks of (such as ${extra.name})`,
    });
  }
  return scoreFindings(
    1,
    findings,
    `all ${counted(plan.length, "planned step")} found in what came later, in order`,
  );
}

/** The tool calls and other steps after the plan, in words. Model calls are left out: what they ask for is a step itself. */
function deedsAfter(madeAt: number, { trace, tools }: Evidence): Deed[] {
  const descriptions = new Map(tools.map(({ name, description }) => [name, description]));
  return trace.spans.slice(madeAt).flatMap((span) => {
    if (span.kind === "LLM" || span.kind === "AGENT" || span.kind === "CHAIN") return [];
    // Results are left out: they hold too much that was not the point of the step.
    const input = trimText(toText(span.input), MAX_CHARS);
    const words = stems(`${span.name} ${descriptions.get(span.name) ?? ""} ${input}`);
    return [{ name: span.name, isCall: span.kind === "TOOL", words }];
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

/** Steps such as "report the result" are carried out by the answer itself; others may be told of in it. */
function isInAnswer(step: string, words: ReadonlySet<string>, answer: ReadonlySet<string>): boolean {
  if (answer.size === 0) return false;
  return findReporting(step).length > 0 || coverage(words, answer) >= MATCH;
}
