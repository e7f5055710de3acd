export type { Fault, FaultScript } from "./faults/fault.ts";
export { mockPandaProbe } from "./mock-panda-probe.ts";
export type { OperationName } from "./operation-name.ts";
export type { MockKey, MockOptions, PandaProbeMock, ReceivedCall } from "./panda-probe-mock.ts";
export type { RunScript } from "./runs/run-script.ts";
export type { ScoreQuestion, ScoreScope, ScoreScript, ScriptedScore } from "./scores/scripted-score.ts";
