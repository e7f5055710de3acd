import { cadenceGapProblem } from "@pandaprobe/contract";
import type { MonitorLimits } from "../../config/project-limits.ts";
import type { Row } from "../../db/schema.ts";
import { ProblemError } from "../problem.ts";
import { isCadence, nextTick, understoodCadences } from "./cadence.ts";

type Scheduled = Pick<Row<"monitors">, "cadence" | "timezone" | "created_at">;

/** @throws ProblemError `invalid_cadence` for one that is none, or whose ticks are too close together. */
export function checkCadence(cadence: string, { shortestGapMs }: MonitorLimits): void {
  const msg = isCadence(cadence)
    ? cadenceGapProblem(cadence, shortestGapMs / 1000)
    : `must be a cadence that is understood: ${understoodCadences}`;
  if (msg === null) return;
  throw new ProblemError("invalid_cadence", `body.cadence ${msg}.`, {
    errors: [{ loc: ["body", "cadence"], msg, type: "invalid_cadence" }],
  });
}

/** When a monitor that is active fires next, after now. */
export function nextRunAt(monitor: Scheduled, now: Date): string {
  return nextTick({ ...monitor, createdAt: new Date(monitor.created_at) }, now).toISOString();
}

/** When a monitor fires next whose tick is being fired: monitors from before there was a shortest gap keep it, too. */
export function nextRunAfter(
  monitor: Scheduled,
  tick: string,
  now: Date,
  { shortestGapMs }: MonitorLimits,
): string {
  const earliest = Date.parse(tick) + shortestGapMs;
  return nextRunAt(monitor, new Date(Math.max(now.getTime(), earliest - 1)));
}
