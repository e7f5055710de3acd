import type { TargetType } from "@pandaprobe/contract/rules";
import { sessionKind } from "./session-kind.ts";
import type { TargetKind } from "./target-kind.ts";
import { traceKind } from "./trace-kind.ts";

/** A kind without `matching`, whose filters depend on the kind. */
type AnyKind = Omit<TargetKind<never>, "matching">;

const targetKinds: Readonly<Record<TargetType, AnyKind>> = { TRACE: traceKind, SESSION: sessionKind };

export function kindOf(type: TargetType): AnyKind {
  return targetKinds[type];
}
