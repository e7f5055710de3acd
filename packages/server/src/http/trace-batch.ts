import { type BatchCreateItem, type BatchCreateResponse, TraceCreate } from "@pandaprobe/contract";
import {
  ProblemError,
  problemDetail,
  type SpanPrices,
  sentWarnings,
  shortened,
  unknownTraceFields,
} from "@pandaprobe/contract/rules";
import type { z } from "zod";
import { storeTracesThatFit } from "../features/traces/store-traces.ts";
import type { WriteScope } from "./idempotent-write.ts";
import { validationProblem } from "./problems.ts";

/** Stores the valid traces of a batch, and reports the outcome of each. */
export async function storeTraceBatch(
  { db, projectId }: WriteScope,
  traces: readonly unknown[],
  prices: SpanPrices,
): Promise<BatchCreateResponse> {
  const read = traces.map((trace) => TraceCreate.safeParse(trace));
  const stored = await storeTracesThatFit(
    db,
    projectId,
    read.flatMap(({ data }) => data ?? []),
    prices,
  );
  const outcomes = stored.values();
  const items = read.map(({ error }, index): BatchCreateItem => {
    const outcome = error ?? outcomes.next().value;
    if (outcome === undefined) throw new Error("A valid trace has no outcome.");
    if (!(outcome instanceof Error)) {
      const { trace_id, isNew, warnings } = outcome;
      return {
        index,
        trace_id,
        status: "accepted",
        created: isNew,
        error: null,
        ...sentWarnings(warnings, unknownTraceFields(traces[index])),
      };
    }
    return {
      index,
      trace_id: readableId(traces[index]),
      status: "rejected",
      error: outcome instanceof ProblemError ? problemError(index, outcome) : itemError(index, outcome),
    };
  });
  const accepted = items.filter(({ status }) => status === "accepted").length;
  return { items, accepted, rejected: items.length - accepted };
}

/** A small form of the response, stored for replays: the outcome of each trace, with a short reason. */
export function withoutDetails({ items, ...counts }: BatchCreateResponse): BatchCreateResponse {
  const short = items.map(({ error, ...item }) => ({
    ...item,
    error: error && { ...error, detail: shortened(error.detail, 200), errors: [] },
  }));
  return { items: short.map(({ warnings: _, ...item }) => item), ...counts };
}

/** The id of a rejected trace if it has a valid one, so that the sender can identify it. */
function readableId(trace: unknown): string | null {
  return TraceCreate.pick({ trace_id: true }).safeParse(trace).data?.trace_id ?? null;
}

function itemError(index: number, error: z.ZodError): BatchCreateItem["error"] {
  const issues = error.issues.map((issue) => ({ ...issue, path: ["traces", index, ...issue.path] }));
  return batchItemError(validationProblem({ pathParams: null, query: null, body: { issues } }));
}

/** Turns the problem of one trace into that of an item of the batch. */
function problemError(index: number, problem: ProblemError): BatchCreateItem["error"] {
  const { detail, code, errors } = batchItemError(problem);
  return {
    detail,
    code,
    errors: errors.map((error) => ({ ...error, loc: ["body", "traces", index, ...error.loc.slice(1)] })),
  };
}

function batchItemError(problem: ProblemError) {
  return { code: problem.code, detail: problemDetail(problem), errors: [...(problem.errors ?? [])] };
}
