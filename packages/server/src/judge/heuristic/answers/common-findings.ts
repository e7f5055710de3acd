import { coverage, sentences, stems } from "../compare/words.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { type MadeCall, nameOf } from "../evidence/made-calls.ts";
import { counted, deduct, type Finding } from "../finding.ts";
import { findAsking } from "../language/asking.ts";

/** Zero or more findings. */
export type Findings = readonly Finding[];

/** Calls that repeated an earlier one with the same result. */
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

/** Failed calls, either those that a later call made up for or the others. */
export function failedCalls(
  calls: readonly MadeCall[],
  recovered: boolean,
  each: number,
  most: number,
): Findings {
  const failed = calls.filter((call) => call.failure !== null && call.recovered === recovered);
  const [first] = failed;
  if (first === undefined) return [];
  const what = recovered ? "failed and succeeded later" : "failed for good";
  return [
    {
      points: deduct(failed.length, each, most),
      text: `${counted(failed.length, "call")} ${what} (${nameOf(first)}: ${first.failure})`,
    },
  ];
}

/** Up to three phrases from the trace, in quotes. */
export function quote(phrases: readonly string[]): string {
  return phrases
    .slice(0, 3)
    .map((phrase) => `"${phrase}"`)
    .join(", ");
}

/** "TB-204418", "mia@example.com", "4471": anything that identifies what the user means. Bounded, to take linear time. */
const IDENTIFIER =
  /[\w.+-]{1,64}@[\w-]{1,64}\.\w|(?<![\p{L}\p{N}-])(?=[\p{L}-]{0,20}\d)[\p{L}\d]{1,20}(?:[-_][\p{L}\d]{1,20})|\d{4,}/u;

/** A sentence of the answer that asks for something that the request already seems to contain. */
export function asksForTheKnown({ request, answer }: Evidence): string | undefined {
  if (!IDENTIFIER.test(request)) return undefined;
  const given = stems(request);
  return sentences(answer).find((sentence) => {
    if (findAsking(sentence).length === 0) return false;
    const wanted = stems(sentence);
    return wanted.intersection(given).size >= 2 && coverage(wanted, given) >= 0.3;
  });
}
