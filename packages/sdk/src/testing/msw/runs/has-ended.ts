import type { Run } from "./run.ts";

export function hasEnded({ response: { status } }: Run): boolean {
  return status === "COMPLETED" || status === "FAILED";
}
