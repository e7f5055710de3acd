import { createParameterPrints, parameterSimilarity } from "../compare/similar-parameters.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { type MadeCall, nameOf } from "../evidence/made-calls.ts";
import { counted, deduct, type Finding, scoreFindings } from "../finding.ts";
import { findSelfCorrection } from "../language/self-correction.ts";
import { asksForTheKnown, type Findings, failedCalls, quote, repeatedCalls } from "./common-findings.ts";

/** This many calls of one tool with nearly the same parameters are considered necessary. */
const ALIKE_FOR_FREE = 2;
/** Calls that have this share of their parameters in common are alike. */
const ALIKE = 0.6;
/** At most this many calls are compared, each with `COMPARED_WITH` calls before it. */
const MAX_COMPARED = 1_000;
const COMPARED_WITH = 20;
/** Each step beyond this number needs a reason that a heuristic cannot see. */
const STEPS_FOR_FREE = 12;

/** How little of the work looks wasted: repeated, nearly repeated, failed and restarted steps cost points. */
export function scoreStepEfficiency(evidence: Evidence): { score: number; reason: string } {
  const { calls } = evidence;
  return scoreFindings(
    1,
    [
      ...repeatedCalls(calls, calls.length < 5 ? 0.2 : 0.14, 0.7),
      ...nearlyRepeated(calls),
      ...failedCalls(calls, true, 0.1, 0.3),
      ...failedCalls(calls, false, 0.12, 0.36),
      ...detours(evidence),
    ],
    "no step was repeated, failed or restarted",
  );
}

function nearlyRepeated(calls: readonly MadeCall[]): Findings {
  const print = createParameterPrints();
  const byTool = Map.groupBy(
    calls
      .filter((call) => !call.repeated && call.failure === null)
      .slice(0, MAX_COMPARED)
      .map((call) => ({ ...call, print: print(call.parameters) })),
    ({ name }) => name,
  );
  const findings: Finding[] = [];
  for (const group of byTool.values()) {
    const alike = group.filter((call, i) =>
      group
        .slice(Math.max(0, i - COMPARED_WITH), i)
        .some(
          (earlier) => earlier.key !== call.key && parameterSimilarity(earlier.print, call.print) >= ALIKE,
        ),
    );
    const surplus = alike.length + 1 - ALIKE_FOR_FREE;
    const [first] = alike;
    if (surplus > 0 && first !== undefined) {
      findings.push({
        points: deduct(surplus, 0.1, 0.3),
        text: `${counted(alike.length + 1, "call")} of ${first.name} with nearly the same parameters (${nameOf(first)})`,
      });
    }
  }
  return findings;
}

function detours(evidence: Evidence): Findings {
  const { trace, calls, said } = evidence;
  const findings: Finding[] = [];
  const corrections = findSelfCorrection(said);
  if (corrections.length > 0) {
    findings.push({
      points: deduct(corrections.length, 0.1, 0.3),
      text: `the agent starts over: ${quote(corrections)}`,
    });
  }
  const steps = Math.max(calls.length, trace.spans.filter((span) => span.kind === "LLM").length);
  if (steps > STEPS_FOR_FREE) {
    findings.push({
      points: deduct(steps - STEPS_FOR_FREE, 0.01, 0.25),
      text: `it took ${counted(steps, "step")}`,
    });
  }
  const known = asksForTheKnown(evidence);
  if (known !== undefined) {
    findings.push({
      points: -0.25,
      text: `it asks again for what the request seems to have given: "${known}"`,
    });
  }
  return findings;
}
