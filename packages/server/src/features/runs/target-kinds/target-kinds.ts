import { sessionKind } from "./session-kind.ts";
import type { TargetKind, TargetType } from "./target-kind.ts";
import { traceKind } from "./trace-kind.ts";

/** What is the same for any filters; those belong to one kind. */
type AnyKind = Omit<TargetKind<never>, "matching">;

const targetKinds: Readonly<Record<TargetType, AnyKind>> = { TRACE: traceKind, SESSION: sessionKind };

export function kindOf(type: TargetType): AnyKind {
  return targetKinds[type];
}
