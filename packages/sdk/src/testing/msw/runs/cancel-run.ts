import type { EvalRunResponse } from "@pandaprobe/contract";
import { isoTime } from "../state/clock.ts";
import type { World } from "../world.ts";
import { hasEnded } from "./has-ended.ts";
import type { Run } from "./run.ts";

/** Ends a run as it stands. One that has ended stays as it is. */
export function cancelRun(world: World, run: Run): EvalRunResponse {
  if (!hasEnded(run)) {
    Object.assign(run.response, {
      status: "FAILED",
      error_message: "Cancelled",
      completed_at: isoTime(world.clock.now()),
    } satisfies Partial<EvalRunResponse>);
    world.changes.add();
  }
  return run.response;
}
