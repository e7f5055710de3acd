import type { TraceScoreResponse } from "@pandaprobe/contract";
import type { Row } from "../../db/schema.ts";

export function scoreResponse(row: Row<"trace_scores">): TraceScoreResponse {
  const { numeric_value: _, ...score } = row;
  return score;
}
