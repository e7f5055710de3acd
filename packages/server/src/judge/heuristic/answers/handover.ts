import type { Evidence } from "../evidence/evidence.ts";
import type { MadeCall } from "../evidence/made-calls.ts";
import { findHandover } from "../language/handover.ts";
import { type Findings, quote } from "./common-findings.ts";

/** Whether a tool hands the task over to a person, by its name. */
export function handsOver({ name }: { readonly name: string }): boolean {
  return findHandover(name.replaceAll(/[_-]/g, " ")).length > 0;
}

/** An agent that hands over by a tool has nothing more to say. */
export function endedByHandingOver(calls: readonly MadeCall[]): boolean {
  const last = calls.at(-1);
  return last !== undefined && last.failure === null && handsOver(last);
}

/**
 * Sending the user elsewhere is no result, unless the user wanted that; then not doing it is none. A handover by a tool
 * is an action that the agent was given for the purpose, and speaks neither for nor against it.
 */
export function handoverFindings({ request, answer, calls }: Evidence): Findings {
  const offered = findHandover(answer);
  const handed = [...new Set(calls.map(({ name }) => name))].some((name) => handsOver({ name }));
  if (findHandover(request).length > 0) {
    const refused = offered.length === 0 && !handed;
    return refused ? [{ points: -0.35, text: "the user asked for a person and got none" }] : [];
  }
  return handed || offered.length === 0
    ? []
    : [{ points: -0.1, text: `the answer sends the user on: ${quote(offered)}` }];
}
