import {
  type BatchCreateItem,
  type BatchCreateResponse,
  sentWarnings,
  TraceCreate,
} from "@pandaprobe/contract";
import type { z } from "zod";
import { storeTraces } from "../features/traces/store-traces.ts";
import { problemDetail } from "./problems.ts";
import { validationProblem } from "./validation-problem.ts";
import type { WriteScope } from "./write.ts";

/** Stores those of the traces that are right, and says of each what became of it. */
export async function storeTraceBatch(
  { db, projectId }: WriteScope,
  traces: readonly unknown[],
): Promise<BatchCreateResponse> {
  const read = traces.map((trace) => TraceCreate.safeParse(trace));
  const stored = await storeTraces(
    db,
    projectId,
    read.flatMap(({ data }) => data ?? []),
  );
  const accepted = stored.values();
  const items = read.map(({ error }, index): BatchCreateItem => {
    if (error !== undefined) {
      return {
        index,
        trace_id: readableId(traces[index]),
        status: "rejected",
        error: itemError(index, error),
      };
    }
    const { trace_id = null, warnings = [] } = accepted.next().value ?? {};
    return { index, trace_id, status: "accepted", error: null, ...sentWarnings(warnings) };
  });
  return { items, accepted: stored.length, rejected: items.length - stored.length };
}

/** The id that a rejected trace names, so that its sender can tell which it was. */
function readableId(trace: unknown): string | null {
  return TraceCreate.pick({ trace_id: true }).safeParse(trace).data?.trace_id ?? null;
}

function itemError(index: number, error: z.ZodError): BatchCreateItem["error"] {
  const issues = error.issues.map((issue) => ({ ...issue, path: ["traces", index, ...issue.path] }));
  const problem = validationProblem({ pathParams: null, query: null, body: { issues } });
  return { code: problem.code, detail: problemDetail(problem), errors: [...(problem.errors ?? [])] };
}
