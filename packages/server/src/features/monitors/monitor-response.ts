import type { MonitorResponse } from "@pandaprobe/contract";
import { cadenceGapSeconds } from "@pandaprobe/contract/rules";
import type { MonitorLimits } from "../../config/project-limits.ts";
import type { Row } from "../../db/schema.ts";

export function monitorResponse(
  { seen: _seen, seen_quiet: _quiet, ...monitor }: Row<"monitors">,
  { shortestGapMs }: MonitorLimits,
): MonitorResponse {
  const isStretched = cadenceGapSeconds(monitor.cadence) * 1000 < shortestGapMs;
  return { ...monitor, stretched_to_seconds: isStretched ? shortestGapMs / 1000 : null };
}
