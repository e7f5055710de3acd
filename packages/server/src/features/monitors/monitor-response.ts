import type { MonitorResponse } from "@pandaprobe/contract";
import type { Row } from "../../db/schema.ts";

export function monitorResponse({ seen: _seen, ...monitor }: Row<"monitors">): MonitorResponse {
  return monitor;
}
