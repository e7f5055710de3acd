import type { JsonObject, Row } from "../../db/schema.ts";
import { ProblemError } from "../problem.ts";

/**
 * The filters with the signal weights among them, as they are stored.
 *
 * @throws ProblemError `validation_error` for weights of a monitor that evaluates traces.
 */
export function withSignalWeights(
  targetType: Row<"monitors">["target_type"],
  filters: JsonObject,
  weights: unknown,
): JsonObject {
  if (weights == null) return filters;
  if (targetType === "SESSION") return { ...filters, signal_weights: weights };
  const msg = "goes with the target type SESSION only";
  throw new ProblemError("validation_error", `body.signal_weights ${msg}.`, {
    errors: [{ loc: ["body", "signal_weights"], msg, type: "invalid" }],
  });
}
