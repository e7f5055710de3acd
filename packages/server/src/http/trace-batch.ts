import {
  type BatchCreateItem,
  type BatchCreateResponse,
  sentWarnings,
  TraceCreate,
} from "@pandaprobe/contract";
import { ProblemError, problemDetail, shortened } from "@pandaprobe/contract/rules";
import type { z } from "zod";
import { storeTracesThatFit } from "../features/traces/store-traces.ts";
import { validationProblem } from "./validation-problem.ts";
import type { WriteScope } from "./write.ts";

/** Stores those of the traces that are right, and says of each what became of it. */
export async function storeTraceBatch(
  { db, projectId }: WriteScope,
  traces: readonly unknown[],
): Promise<BatchCreateResponse> {
  const read = traces.map((trace) => TraceCreate.safeParse(trace));
  const stored = await storeTracesThatFit(
    db,
    projectId,
    read.flatMap(({ data }) => data ?? []),
  );
  const outcomes = stored.values();
  const items = read.map(({ error }, index): BatchCreateItem => {
    const outcome = error ?? outcomes.next().value;
    if (outcome === undefined) throw new Error("Each trace that could be read has an outcome.");
    if (!(outcome instanceof Error)) {
      const { trace_id, warnings } = outcome;
      return { index, trace_id, status: "accepted", error: null, ...sentWarnings(warnings) };
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

/** The answer as far as a client needs it again: what became of each trace, and in a few words why. */
export function withoutDetails({ items, ...counts }: BatchCreateResponse): BatchCreateResponse {
  const short = items.map(({ error, ...item }) => ({
    ...item,
    error: error && { ...error, detail: shortened(error.detail, 200), errors: [] },
  }));
  return { items: short.map(({ warnings: _, ...item }) => item), ...counts };
}

/** The id that a rejected trace names, so that its sender can tell which it was. */
function readableId(trace: unknown): string | null {
  return TraceCreate.pick({ trace_id: true }).safeParse(trace).data?.trace_id ?? null;
}

function itemError(index: number, error: z.ZodError): BatchCreateItem["error"] {
  const issues = error.issues.map((issue) => ({ ...issue, path: ["traces", index, ...issue.path] }));
  return batchItemError(validationProblem({ pathParams: null, query: null, body: { issues } }));
}

/** The problem of one trace, which is about its own body, as that of an item of the batch. */
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
