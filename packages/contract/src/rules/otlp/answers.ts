import type { ProblemError } from "../problem.ts";
import { problemDetail } from "../problem.ts";

const codes: Readonly<Record<number, number>> = {
  401: 16,
  403: 7,
  404: 5,
  408: 4,
  429: 8,
  500: 13,
  503: 14,
};
const invalidArgument = 3;

/** An error as a `google.rpc.Status`, which OTLP has for errors. */
export function otlpStatus(problem: ProblemError): { readonly code: number; readonly message: string } {
  return { code: otlpCode(problem.status), message: problemDetail(problem) };
}

/** The code of google.rpc.Code for an HTTP status. */
export function otlpCode(status: number): number {
  return codes[status] ?? invalidArgument;
}

/** The result of an OTLP request. */
export interface OtlpReceipt {
  /** How many spans or log records were not stored. */
  readonly rejected: number;
  /** Why, and what was cut. */
  readonly reasons: readonly string[];
}

/**
 * The response to a request that was stored, at least in part.
 *
 * @param field counts what was rejected: `rejectedSpans`, `rejectedLogRecords`.
 */
export function otlpAnswer(field: string, { rejected, reasons }: OtlpReceipt): object {
  if (rejected === 0 && reasons.length === 0) return {};
  // In JSON, 64-bit integers are texts.
  const count = rejected === 0 ? {} : { [field]: String(rejected) };
  return { partialSuccess: { ...count, errorMessage: reasons.join(" ") } };
}
