import { limits } from "@pandaprobe/contract";
import { ProblemError } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";
import { storedBytes } from "../../db/stored-bytes.ts";

/** Traces have grown over the limits of a trace. The transaction must be rolled back. */
export class TracesTooLargeError extends ProblemError {
  readonly traceIds: ReadonlySet<string>;

  constructor(traceIds: readonly string[]) {
    const [first = ""] = traceIds;
    const msg = `a trace may have at most ${limits.spansPerTrace} spans, of ${limits.traceBytes} bytes together`;
    super(
      "validation_error",
      `The trace ${first} would become too large: ${msg}. Send the rest as another trace of the same session.`,
      { errors: [{ loc: ["body", "spans"], msg, type: "too_big" }] },
    );
    this.traceIds = new Set(traceIds);
  }
}

/**
 * An estimated size for a span without one. It is never far too small, because compressed values are assumed to be
 * compressed as well as possible.
 */
export const spanBytes = sql<number>`coalesce(spans.bytes,
  ${storedBytes("spans.input")} + ${storedBytes("spans.output")} + ${storedBytes("spans.metadata")}
  + ${storedBytes("spans.model_parameters")} + ${storedBytes("spans.error")})`;

/** @throws TracesTooLargeError if one of these traces, which the transaction has locked, is over its limits. */
export async function checkTraceSizes(
  db: DatabaseTransaction,
  projectId: string,
  traceIds: readonly string[],
): Promise<void> {
  if (traceIds.length === 0) return;
  const tooLarge = await db
    .selectFrom("spans")
    .select("trace_id")
    .where("project_id", "=", projectId)
    .where("trace_id", "in", traceIds)
    .groupBy("trace_id")
    .having((spans) =>
      spans.or([
        spans(spans.fn.countAll(), ">", limits.spansPerTrace),
        // A span that an older server wrote counts with its size on disk.
        spans(sql<number>`sum(coalesce(bytes, pg_column_size(spans.*)))`, ">", limits.traceBytes),
      ]),
    )
    .orderBy("trace_id")
    .execute();
  if (tooLarge.length > 0) throw new TracesTooLargeError(tooLarge.map(({ trace_id }) => trace_id));
}

/**
 * The same for new traces, whose spans are all at hand, so that most writes need no query.
 *
 * @throws TracesTooLargeError
 */
export function checkNewTraceSizes(
  spans: readonly { readonly trace_id: string; readonly bytes: number }[],
): void {
  const totals = new Map<string, { count: number; bytes: number }>();
  for (const { trace_id, bytes } of spans) {
    const total = totals.get(trace_id) ?? { count: 0, bytes: 0 };
    totals.set(trace_id, { count: total.count + 1, bytes: total.bytes + bytes });
  }
  const tooLarge = [...totals].filter(
    ([, { count, bytes }]) => count > limits.spansPerTrace || bytes > limits.traceBytes,
  );
  if (tooLarge.length > 0) throw new TracesTooLargeError(tooLarge.map(([traceId]) => traceId));
}
