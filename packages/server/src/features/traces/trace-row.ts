import type { TraceCreate } from "@pandaprobe/contract";
import { toJson } from "../../db/storable.ts";

/** What was sent of a trace as it is to be stored, over the defaults of a new one. */
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

type NotNull<Update, Field extends keyof Update> = Omit<Update, Field> & {
  [F in Field]?: NonNullable<Update[F]>;
};

/** The fields of a PATCH. A null for a field that cannot be null counts as not sent. */
export function sentChanges<Update extends object, Field extends keyof Update & string>(
  update: Update,
  neverNull: readonly Field[],
): NotNull<Update, Field> {
  const names: readonly string[] = neverNull;
  const sent = Object.entries(update).filter(
    ([name, value]) => value !== undefined && !(value === null && names.includes(name)),
  );
  return Object.fromEntries(sent) as NotNull<Update, Field>;
}
