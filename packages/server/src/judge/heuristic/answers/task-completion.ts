import { coverage } from "../compare/coverage.ts";
import { stems } from "../compare/stems.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { deduct, type Finding, scoreFindings } from "../finding.ts";
import { findDoneClaim } from "../language/done-claim.ts";
import { findExplanation } from "../language/explanation.ts";
import { findHandover } from "../language/handover.ts";
import { findHedging } from "../language/hedging.ts";
import { findInability } from "../language/inability.ts";
import { findUnfinished } from "../language/unfinished.ts";
import { asksForTheKnown, type Findings, failedCalls, quote, repeatedCalls } from "./common-findings.ts";

/** How completely the task looks done, from how the trace ended, what failed on the way, and how the answer sounds. */
export function scoreTaskCompletion(evidence: Evidence): { verdict: number; reason: string } {
  const { score, reason } = scoreFindings(
    0.9,
    findings(evidence),
    "the trace ended well, no call failed for good, and the answer takes the request up",
  );
  return { verdict: score, reason };
}

export function findings(evidence: Evidence): Findings {
  return [
    ...ending(evidence),
    ...failedCalls(evidence.calls, false, 0.2, 0.4),
    ...failedCalls(evidence.calls, true, 0.04, 0.12),
    ...repeatedCalls(evidence.calls, 0.08, 0.3),
    ...wording(evidence),
    ...fit(evidence),
    ...unbackedClaims(evidence),
  ];
}

function ending({ trace, answer, calls }: Evidence): Findings {
  const findings: Finding[] = [];
  if (trace.status === "ERROR") findings.push({ points: -0.4, text: "the trace ended with status ERROR" });
  if (trace.status === "PENDING" || trace.status === "RUNNING") {
    findings.push({ points: -0.2, text: `the trace has not ended (status ${trace.status})` });
  }
  if (answer === "") findings.push({ points: -0.7, text: "there is no answer" });
  const lastModelCall = trace.spans.findLast((span) => span.kind === "LLM");
  if (lastModelCall?.status === "ERROR") findings.push({ points: -0.3, text: "the last model call failed" });
  if (calls.at(-1)?.failure != null && answer !== "") {
    findings.push({ points: -0.1, text: "the last tool call failed" });
  }
  return findings;
}

function wording(evidence: Evidence): Findings {
  const { answer } = evidence;
  const findings: Finding[] = [];
  const inability = findInability(answer);
  if (inability.length > 0) {
    // Saying no for a stated reason is an answer; giving up is not.
    const explained = findExplanation(answer).length > 0;
    const points = explained ? -0.15 : deduct(inability.length, 0.3, 0.45);
    findings.push({
      points,
      text: `the answer says ${quote(inability)}${explained ? ", with a reason" : ""}`,
    });
  }
  findings.push(...handing(evidence));
  const unfinished = findUnfinished(answer);
  if (unfinished.length > 0) {
    findings.push({
      points: deduct(unfinished.length, 0.15, 0.3),
      text: `work is left: ${quote(unfinished)}`,
    });
  }
  const hedging = findHedging(answer);
  if (hedging.length > 0) {
    findings.push({
      points: deduct(hedging.length, 0.06, 0.24),
      text: `the answer hedges: ${quote(hedging)}`,
    });
  }
  return findings;
}

/** Handing over is no result, unless it is what the user wanted; then not doing it is none. */
function handing({ request, answer, calls }: Evidence): Findings {
  const wanted = findHandover(request).length > 0;
  const offered = findHandover(answer);
  const handed = calls.some(({ name }) => findHandover(name.replaceAll(/[_-]/g, " ")).length > 0);
  if (wanted && offered.length === 0 && !handed) return [{ points: -0.35, text: "the user asked for a person and got none" }];
  if (wanted || offered.length === 0) return [];
  return [{ points: -0.1, text: `the answer hands over: ${quote(offered)}` }];
}

/** Whether the answer is about what was asked. Compares words, so that only one language can be compared with itself. */
function fit(evidence: Evidence): Findings {
  const { request, answer } = evidence;
  const findings: Finding[] = [];
  const asked = stems(request);
  const answered = stems(answer);
  if (asked.size >= 4 && answered.size >= 4) {
    const share = coverage(asked, answered);
    if (share < 0.08)
      findings.push({ points: -0.3, text: "the answer shares hardly a word with the request" });
    else if (share < 0.2)
      findings.push({ points: -0.1, text: "the answer shares few words with the request" });
    else if (share > 0.5)
      findings.push({ points: 0.07, text: "the answer takes up most words of the request" });
  }
  const known = asksForTheKnown(evidence);
  if (known !== undefined) {
    findings.push({
      points: -0.4,
      text: `the answer asks for what the request seems to have given: "${known}"`,
    });
  }
  return findings;
}

/** "I have booked …", when no call went through that could have. */
function unbackedClaims({ answer, calls, tools }: Evidence): Findings {
  const claims = findDoneClaim(answer);
  if (claims.length === 0 || (calls.length === 0 && tools.length === 0)) return [];
  if (calls.some((call) => call.failure === null)) return [];
  return [{ points: -0.3, text: `the answer claims ${quote(claims)}, but no tool call went through` }];
}
