import { coverage, stems } from "../compare/words.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { MadeCall } from "../evidence/made-calls.ts";
import { counted, deduct, type Finding, scoreFindings } from "../finding.ts";
import { findDoneClaim } from "../language/done-claim.ts";
import { findExplanation } from "../language/explanation.ts";
import { findHandover } from "../language/handover.ts";
import { findHedging } from "../language/hedging.ts";
import { findInability } from "../language/inability.ts";
import { findUnfinished } from "../language/unfinished.ts";
import { asksForTheKnown, type Findings, failedCalls, quote, repeatedCalls } from "./common-findings.ts";

/** With more calls, more can go wrong unnoticed: each call beyond this number costs a little. */
const CALLS_FOR_FREE = 6;

/** How completely the task looks done, by how the trace ended, what failed, and how the answer sounds. */
export function scoreTaskCompletion(evidence: Evidence): { verdict: number; reason: string } {
  const { calls } = evidence;
  const { score, reason } = scoreFindings(
    0.95,
    [
      ...ending(evidence),
      ...failedCalls(calls, false, 0.2, 0.4),
      ...failedCalls(calls, true, 0.06, 0.18),
      ...repeatedCalls(calls, 0.08, 0.3),
      ...manyCalls(calls.length),
      ...wording(evidence),
      ...handoverFindings(evidence),
      ...fit(evidence),
      ...unbackedClaims(evidence),
    ],
    "the trace ended well, no call failed for good, and the answer addresses the request",
  );
  return { verdict: score, reason };
}

function ending({ trace, answer, calls }: Evidence): Findings {
  const findings: Finding[] = [];
  if (trace.status === "ERROR") findings.push({ points: -0.4, text: "the trace ended with status ERROR" });
  if (trace.status === "PENDING" || trace.status === "RUNNING") {
    findings.push({ points: -0.2, text: `the trace has not ended (status ${trace.status})` });
  }
  if (answer === "" && !endedByHandingOver(calls)) {
    findings.push({ points: -0.7, text: "there is no answer" });
  }
  if (trace.spans.findLast((span) => span.kind === "LLM")?.status === "ERROR") {
    findings.push({ points: -0.3, text: "the last model call failed" });
  }
  if (typeof calls.at(-1)?.failure === "string" && answer !== "") {
    findings.push({ points: -0.1, text: "the last tool call failed" });
  }
  return findings;
}

function manyCalls(count: number): Findings {
  if (count <= CALLS_FOR_FREE) return [];
  return [
    { points: deduct(count - CALLS_FOR_FREE, 0.015, 0.15), text: `it took ${counted(count, "tool call")}` },
  ];
}

function wording({ answer }: Evidence): Findings {
  const findings: Finding[] = [];
  const inability = findInability(answer);
  if (inability.length > 0) {
    // A refusal with a reason is an answer; giving up is not.
    const explained = findExplanation(answer).length > 0;
    const points = explained ? -0.1 : deduct(inability.length, 0.3, 0.45);
    findings.push({
      points,
      text: `the answer says ${quote(inability)}${explained ? ", with a reason" : ""}`,
    });
  }
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

/** Whether the answer is about the request. Compares words, so it only works within one language. */
function fit(evidence: Evidence): Findings {
  const findings: Finding[] = [];
  const asked = stems(evidence.request);
  const answered = stems(evidence.answer);
  if (asked.size >= 4 && answered.size >= 4) {
    const share = coverage(asked, answered);
    if (share < 0.08)
      findings.push({ points: -0.3, text: "the answer shares hardly a word with the request" });
    else if (share < 0.2)
      findings.push({ points: -0.1, text: "the answer shares few words with the request" });
  }
  const known = asksForTheKnown(evidence);
  if (known !== undefined) {
    findings.push({ points: -0.4, text: `the answer asks for what the request seems to give: "${known}"` });
  }
  return findings;
}

/** Claims such as "I have booked …" although no call succeeded. */
function unbackedClaims({ answer, calls, tools }: Evidence): Findings {
  const claims = findDoneClaim(answer);
  if (claims.length === 0 || (calls.length === 0 && tools.length === 0)) return [];
  if (calls.some((call) => call.failure === null)) return [];
  return [{ points: -0.3, text: `the answer claims ${quote(claims)}, but no tool call succeeded` }];
}

/** Whether a tool hands the task over to a person, judging by its name. */
function handsOver({ name }: { readonly name: string }): boolean {
  return findHandover(name.replaceAll(/[_-]/g, " ")).length > 0;
}

/** Whether the last call handed the task over; the agent then needs no answer. */
function endedByHandingOver(calls: readonly MadeCall[]): boolean {
  const last = calls.at(-1);
  return last !== undefined && last.failure === null && handsOver(last);
}

/**
 * Referring the user elsewhere counts against the agent, unless the user asked for a person; then not doing so does. A
 * handover by a tool is neutral, because the agent has that tool for this purpose.
 */
function handoverFindings({ request, answer, calls }: Evidence): Findings {
  const offered = findHandover(answer);
  const handed = [...new Set(calls.map(({ name }) => name))].some((name) => handsOver({ name }));
  if (findHandover(request).length > 0) {
    const refused = offered.length === 0 && !handed;
    return refused ? [{ points: -0.35, text: "the user asked for a person and got none" }] : [];
  }
  return handed || offered.length === 0
    ? []
    : [{ points: -0.1, text: `the answer refers the user elsewhere: ${quote(offered)}` }];
}
