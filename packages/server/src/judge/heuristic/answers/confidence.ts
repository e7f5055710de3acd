import { sentences } from "../compare/words.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { deduct, type Finding, scoreFindings } from "../finding.ts";
import { findApology } from "../language/apology.ts";
import { findDoneClaim } from "../language/done-claim.ts";
import { findExplanation } from "../language/explanation.ts";
import { findHedging } from "../language/hedging.ts";
import { findInability } from "../language/inability.ts";
import { findSelfCorrection } from "../language/self-correction.ts";
import { asksForTheKnown, type Findings, failedCalls, quote, repeatedCalls } from "./common-findings.ts";

/** How confident the agent appears, by its wording, its repetitions and its retractions. */
export function scoreConfidence(evidence: Evidence): { score: number; reason: string } {
  return scoreFindings(
    0.95,
    [
      ...words(evidence),
      ...repeatedCalls(evidence.calls, 0.15, 0.45),
      ...failedCalls(evidence.calls, true, 0.05, 0.15),
      ...failedCalls(evidence.calls, false, 0.12, 0.3),
      ...course(evidence),
    ],
    "the agent neither hedged nor repeated itself nor took anything back",
  );
}

function words({ said, answer }: Evidence): Findings {
  const findings: Finding[] = [];
  const hedging = findHedging(said);
  if (hedging.length > 0) {
    // A hedge in a short text weighs more than one in a long text.
    const each = 0.08 + 0.3 / Math.max(2, sentences(said).length);
    findings.push({ points: deduct(hedging.length, each, 0.6), text: `the agent hedges: ${quote(hedging)}` });
  }
  const corrections = findSelfCorrection(said);
  if (corrections.length > 0) {
    findings.push({
      points: deduct(corrections.length, 0.12, 0.36),
      text: `it takes back or starts over: ${quote(corrections)}`,
    });
  }
  const apologies = findApology(said);
  if (apologies.length > 0) {
    findings.push({
      points: deduct(apologies.length, 0.05, 0.2),
      text: `it apologizes: ${quote(apologies)}`,
    });
  }
  const inability = findInability(answer);
  if (inability.length > 0) {
    const explained = findExplanation(answer).length > 0;
    findings.push({
      points: explained ? -0.05 : -0.2,
      text: `it says ${quote(inability)}${explained ? ", with a reason" : ""}`,
    });
  }
  return findings;
}

function course(evidence: Evidence): Findings {
  const { trace, answer, calls } = evidence;
  const findings: Finding[] = [];
  if (answer === "") findings.push({ points: -0.4, text: "there is no answer" });
  if (trace.status === "ERROR") findings.push({ points: -0.2, text: "the trace ended with status ERROR" });
  const claims = findDoneClaim(answer);
  if (claims.length > 0 && calls.length > 0 && calls.every((call) => call.failure !== null)) {
    findings.push({ points: -0.3, text: `it claims ${quote(claims)} although every call failed` });
  }
  const known = asksForTheKnown(evidence);
  if (known !== undefined) {
    findings.push({ points: -0.25, text: `it asks for what the request seems to have given: "${known}"` });
  }
  return findings;
}
