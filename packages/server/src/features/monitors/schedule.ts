import { nextTick, type Schedule } from "@pandaprobe/contract/rules";
import type { MonitorLimits } from "../../config/project-limits.ts";

/** When an active monitor fires next, after `now`. */
export function nextRunAt(schedule: Schedule, now: Date): string {
  return nextTick(schedule, now).toISOString();
}

/** When a monitor fires next after `tick`. Monitors that are older than the limit on cadences keep the shortest gap too. */
export function nextRunAfter(
  schedule: Schedule,
  tick: string,
  now: Date,
  { shortestGapMs }: MonitorLimits,
): string {
  const earliest = Date.parse(tick) + shortestGapMs;
  return nextRunAt(schedule, new Date(Math.max(now.getTime(), earliest - 1)));
}
