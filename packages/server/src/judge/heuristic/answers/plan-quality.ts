import { coverage, stems, toolStems } from "../compare/words.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { counted, type Finding, scoreFindings } from "../finding.ts";
import { findVague } from "../language/vague.ts";
import { quote } from "./common-findings.ts";

/** A step with fewer words than this (or characters, in scripts without spaces) is too short to act on. */
const FEWEST_STEMS = 2;
const MAX_STEPS = 15;
/** At most this many called tools are compared with the plan. */
const MAX_TOOLS = 500;

/** How good a plan looks: the number of steps, how concrete they are, and how well they cover the request and the tools. */
export function scorePlanQuality(
  evidence: Evidence,
  plan: readonly string[],
): { score: number; reason: string } {
  const perStep = plan.map((step) => stems(step));
  const all = new Set(perStep.flatMap((step) => [...step]));
  return scoreFindings(
    0.75,
    [...shape(plan, perStep), ...fit(evidence, all)],
    `${counted(plan.length, "step")} of ordinary detail`,
  );
}

function shape(plan: readonly string[], perStep: readonly ReadonlySet<string>[]): Finding[] {
  const findings: Finding[] = [];
  if (plan.length === 1) findings.push({ points: -0.15, text: "the plan is a single step" });
  if (plan.length > MAX_STEPS) findings.push({ points: -0.1, text: `the plan has ${plan.length} steps` });
  const thin = perStep.filter((step) => step.size < FEWEST_STEMS).length;
  if (thin > 0)
    findings.push({ points: (-0.3 * thin) / plan.length, text: `${counted(thin, "step")} of a word or two` });
  const mean = perStep.reduce((sum, step) => sum + step.size, 0) / plan.length;
  if (mean >= 4) findings.push({ points: 0.1, text: "the steps are concrete" });
  const vague = plan.flatMap(findVague);
  if (vague.length > 0) {
    findings.push({
      points: -Math.min(0.4, (0.5 * vague.length) / plan.length),
      text: `the plan is vague: ${quote(vague)}`,
    });
  }
  const twice = plan.length - new Set(plan.map((step) => step.trim().toLowerCase())).size;
  if (twice > 0)
    findings.push({ points: -Math.min(0.3, 0.1 * twice), text: `${counted(twice, "step")} planned twice` });
  return findings;
}

function fit({ request, tools, calls }: Evidence, planned: ReadonlySet<string>): Finding[] {
  const findings: Finding[] = [];
  const asked = stems(request);
  if (asked.size >= 4) {
    const share = coverage(asked, planned);
    if (share >= 0.35) findings.push({ points: 0.15, text: "the plan covers much of the request" });
    else if (share < 0.1) findings.push({ points: -0.3, text: "the plan covers hardly any of the request" });
    else if (share < 0.2) findings.push({ points: -0.12, text: "the plan covers little of the request" });
  }
  const names = new Set(calls.map(({ name }) => name));
  const called = tools.filter(({ name }) => names.has(name)).slice(0, MAX_TOOLS);
  if (called.length > 0) {
    const foreseen = called.filter((tool) => toolStems(tool).intersection(planned).size > 0);
    if (foreseen.length === 0)
      findings.push({ points: -0.15, text: "the plan mentions none of the tools that were called" });
  }
  return findings;
}
