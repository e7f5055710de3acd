import type { TraceCreate } from "@pandaprobe/contract";
import { toJson } from "../../db/storable.ts";

/** The columns of a sent trace, with the defaults of a new one. */
export function traceRow(trace: Omit<TraceCreate, "trace_id" | "spans">) {
  return {
    name: trace.name,
    status: trace.status ?? "COMPLETED",
    input: toJson(trace.input),
    output: toJson(trace.output),
    metadata: toJson(trace.metadata ?? {}),
    started_at: trace.started_at,
    ended_at: trace.ended_at ?? null,
    session_id: trace.session_id ?? null,
    user_id: trace.user_id ?? null,
    tags: trace.tags ?? [],
    environment: trace.environment ?? null,
    release: trace.release ?? null,
  };
}

export type TraceColumn = keyof ReturnType<typeof traceRow>;
