import { coverage, sentences, stems } from "../compare/words.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { type MadeCall, nameOf } from "../evidence/made-calls.ts";
import { counted, deduct, type Finding } from "../finding.ts";
import { findAsking } from "../language/asking.ts";

/** A finding, or none. Heuristics are lists of these. */
export type Findings = readonly Finding[];

/** Calls that told nothing new. */
export function repeatedCalls(calls: readonly MadeCall[], each: number, most: number): Findings {
  const repeated = calls.filter((call) => call.repeated);
  const [first] = repeated;
  if (first === undefined) return [];
  return [
    {
      points: deduct(repeated.length, each, most),
      text: `${counted(repeated.length, "call")} repeated with the same parameters and result (${nameOf(first)})`,
    },
  ];
}

/** Calls that failed, by whether a later call made up for them. */
export function failedCalls(
  calls: readonly MadeCall[],
  recovered: boolean,
  each: number,
  most: number,
): Findings {
  const failed = calls.filter((call) => call.failure !== null && call.recovered === recovered);
  const [first] = failed;
  if (first === undefined) return [];
  const what = recovered ? "failed and went through later" : "failed for good";
  return [
    {
      points: deduct(failed.length, each, most),
      text: `${counted(failed.length, "call")} ${what} (${nameOf(first)}: ${first.failure})`,
    },
  ];
}

/** A text quoted from the trace. */
export function quote(phrases: readonly string[]): string {
  return phrases
    .slice(0, 3)
    .map((phrase) => `"${phrase}"`)
    .join(", ");
}

/** "TB-204418", "mia@example.com", "4471": what someone gives who says which one is meant. Bounded, to stay linear. */
const IDENTIFIER =
  /[\w.+-]{1,64}@[\w-]{1,64}\.\w|(?<![\p{L}\p{N}-])(?=[\p{L}-]{0,20}\d)[\p{L}\d]{1,20}(?:[-_][\p{L}\d]{1,20})|\d{4,}/u;

/** A sentence of the answer that asks for something which the request seems to have given already. */
export function asksForTheKnown({ request, answer }: Evidence): string | undefined {
  if (!IDENTIFIER.test(request)) return undefined;
  const given = stems(request);
  return sentences(answer).find((sentence) => {
    if (findAsking(sentence).length === 0) return false;
    const wanted = stems(sentence);
    return wanted.intersection(given).size >= 2 && coverage(wanted, given) >= 0.3;
  });
}
