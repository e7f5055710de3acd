export type { Fault, FaultScript } from "./faults/faults.ts";
export type { MockOptions, PandaProbeMock } from "./mock-panda-probe.ts";
export { mockPandaProbe } from "./mock-panda-probe.ts";
export type { OperationName } from "./operation.ts";
export type { ReceivedCall } from "./received-call.ts";
export type { RunScript } from "./runs/run-script.ts";
export type { ScoreQuestion, ScoreScope, ScoreScript, ScriptedScore } from "./scores/score-script.ts";
export type { MockKey } from "./state/keys.ts";
