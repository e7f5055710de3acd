import { round4 } from "../score.ts";
import { riskOf, type Signal, type SignalWeights, stepRisk, type TraceSignals } from "./signals.ts";

const RISK_NAMES: Readonly<Record<Signal, string>> = {
  confidence: "confidence_risk",
  loop_detection: "loop_risk",
  tool_correctness: "tool_risk",
  coherence: "coherence_risk",
};

/** The risks of a trace by name: unweighted, plus `step_risk`, the weighted maximum. Missing signals are left out. */
export function riskReport(trace: TraceSignals, weights: SignalWeights): Record<string, number> {
  const report: Record<string, number> = {};
  for (const [signal, name] of Object.entries(RISK_NAMES) as [Signal, string][]) {
    const risk = riskOf(trace, signal);
    if (risk !== undefined) report[name] = round4(risk);
  }
  report["step_risk"] = round4(stepRisk(trace, weights));
  return report;
}

/** Every failed signal of a session, as the metadata lists it. */
export function failedSignals(
  traces: readonly TraceSignals[],
): { trace_id: string; signal: Signal; reason: string }[] {
  return traces.flatMap(({ trace_id, failed }) =>
    failed.map(({ signal, reason }) => ({ trace_id, signal, reason })),
  );
}
