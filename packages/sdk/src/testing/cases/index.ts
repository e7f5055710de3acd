export type { CaseResult, CaseRunResult } from "./case-results.ts";
export { type EvaluateCasesOptions, type EvaluatedCases, evaluateCases } from "./evaluate-cases.ts";
export type { CaseAgent, CaseRun, TestCase } from "./run-case.ts";
