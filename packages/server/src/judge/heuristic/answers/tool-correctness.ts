import { stems, toolStems } from "../compare/words.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { deduct, type Finding, scoreFindings } from "../finding.ts";
import { findDoneClaim } from "../language/done-claim.ts";
import { findExplanation } from "../language/explanation.ts";
import { findHandover } from "../language/handover.ts";
import { findInability } from "../language/inability.ts";
import { asksForTheKnown, type Findings, failedCalls, quote, repeatedCalls } from "./common-findings.ts";

/** Whether the right tools were called, by what was declared, what was called, and how the calls ended. */
export function scoreToolCorrectness(evidence: Evidence): { score: number; reason: string } {
  const { calls } = evidence;
  return scoreFindings(
    0.95,
    [
      ...undeclared(evidence),
      ...repeatedCalls(calls, 0.12, 0.4),
      ...failedCalls(calls, false, 0.15, 0.35),
      ...failedCalls(calls, true, 0.05, 0.15),
      ...underUse(evidence),
      ...asksInstead(evidence),
    ],
    calls.length === 0
      ? "no tool was called, and none seems to have been needed"
      : "the calls fit what was declared and asked",
  );
}

function undeclared({ calls, tools }: Evidence): Findings {
  if (tools.length === 0) return [];
  const declared = new Set(tools.map(({ name }) => name));
  const unknown = [...new Set(calls.map(({ name }) => name))].filter((name) => !declared.has(name));
  if (unknown.length === 0) return [];
  return [
    {
      points: deduct(unknown.length, 0.25, 0.6),
      text: `called but not declared: ${unknown.slice(0, 3).join(", ")}`,
    },
  ];
}

/** At most this many tools that were not called are examined. */
const MAX_IDLE = 500;

/** Tools that seem to fit the request but were not called. */
function underUse(evidence: Evidence): Findings {
  const { request, answer, calls, tools, trace } = evidence;
  if (tools.length === 0) return [];
  const findings: Finding[] = [];
  const called = new Set(calls.map(({ name }) => name));
  const idle = tools.filter(({ name }) => !called.has(name)).slice(0, MAX_IDLE);

  if (findHandover(request).length > 0) {
    const exit = idle.find(
      ({ name, description }) => findHandover(`${name.replaceAll(/[_-]/g, " ")} ${description}`).length > 0,
    );
    if (exit !== undefined)
      findings.push({ points: -0.5, text: `the user asked for a person, and ${exit.name} was not called` });
  }
  if (calls.length > 0) return findings;

  const refusedWithReason = findInability(answer).length > 0 && findExplanation(answer).length > 0;
  if (findDoneClaim(answer).length > 0) {
    findings.push({
      points: -0.5,
      text: "the answer claims that something was done, but no tool was called",
    });
  } else if (!refusedWithReason && trace.status !== "ERROR") {
    const asked = stems(request);
    const fitting = idle.filter((tool) => toolStems(tool).intersection(asked).size > 0);
    const names = fitting
      .slice(0, 3)
      .map(({ name }) => name)
      .join(", ");
    if (fitting.length > 0)
      findings.push({
        points: -0.35,
        text: `no tool was called, though the request mentions what ${names} are for`,
      });
  }
  return findings;
}

/** An answer that asks the user instead of using a tool. */
function asksInstead(evidence: Evidence): Findings {
  const known = evidence.tools.length > 0 ? asksForTheKnown(evidence) : undefined;
  if (known === undefined) return [];
  return [{ points: -0.25, text: `it asks ${quote([known])} instead of using a tool on what was given` }];
}
