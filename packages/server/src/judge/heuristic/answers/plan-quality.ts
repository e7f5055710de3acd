import { coverage, stems, toolStems } from "../compare/words.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { counted, type Finding, scoreFindings } from "../finding.ts";
import { findVague } from "../language/vague.ts";
import { quote } from "./common-findings.ts";

/** A step with fewer words than this (or characters, where no spaces are written) says too little to act on. */
const FEWEST_STEMS = 2;
const MOST_STEPS = 15;
/** Of more tools than this that were called, the first ones are looked at. */
const MOST_TOOLS = 500;

/** How good a plan looks: how many steps, how concrete, how much of the task and of the tools they take up. */
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
  if (plan.length > MOST_STEPS) findings.push({ points: -0.1, text: `the plan has ${plan.length} steps` });
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
    if (share >= 0.35) findings.push({ points: 0.15, text: "the plan takes up much of the request" });
    else if (share < 0.1)
      findings.push({ points: -0.3, text: "the plan takes up hardly anything of the request" });
    else if (share < 0.2) findings.push({ points: -0.12, text: "the plan takes up little of the request" });
  }
  const names = new Set(calls.map(({ name }) => name));
  const called = tools.filter(({ name }) => names.has(name)).slice(0, MOST_TOOLS);
  if (called.length > 0) {
    const foreseen = called.filter((tool) => toolStems(tool).intersection(planned).size > 0);
    if (foreseen.length === 0)
      findings.push({ points: -0.15, text: "the plan speaks of none of the tools that were called" });
  }
  return findings;
}
