import type { Row } from "../../db/schema.ts";
import { ProblemError } from "../problem.ts";
import { isCadence, nextTick, understoodCadences } from "./cadence.ts";

/** @throws ProblemError `invalid_cadence` */
export function checkCadence(cadence: string): void {
  if (isCadence(cadence)) return;
  const msg = `must be a cadence that is understood: ${understoodCadences}`;
  throw new ProblemError("invalid_cadence", `body.cadence ${msg}.`, {
    errors: [{ loc: ["body", "cadence"], msg, type: "invalid_cadence" }],
  });
}

/** When a monitor that is active fires next, after now. */
export function nextRunAt(
  monitor: Pick<Row<"monitors">, "cadence" | "timezone" | "created_at">,
  now: Date,
): string {
  return nextTick({ ...monitor, createdAt: new Date(monitor.created_at) }, now).toISOString();
}
