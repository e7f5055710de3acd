import {
  agentConsistency,
  agentReliability,
  DEFAULT_SIGNAL_WEIGHTS,
  type FailedSignal,
  JudgeError,
  round4,
  type TraceSignals,
} from "@pandaprobe/contract/rules";
import { describe, expect, it } from "vitest";

const weights = DEFAULT_SIGNAL_WEIGHTS;

function trace(
  trace_id: string,
  signals: TraceSignals["signals"],
  failed: FailedSignal[] = [],
): TraceSignals {
  return { trace_id, signals, failed };
}

/** The worked example from the definition of the metrics. */
const session = [
  trace("t1", { confidence: 0.9, loop_detection: 1, tool_correctness: 1, coherence: 0.8 }),
  trace("t2", { confidence: 0.4, loop_detection: 0.5, tool_correctness: 0.75, coherence: 0.9 }),
  trace("t3", { loop_detection: 1, tool_correctness: 0.5, coherence: 0.7 }),
];

const timeout: FailedSignal = { signal: "confidence", reason: "The judge did not answer in time." };

describe("agent_reliability", () => {
  it("matches the worked example", () => {
    const { score, metadata } = agentReliability.aggregate(session, weights);
    expect(round4(score)).toBe(0.4);
    expect(metadata).toEqual({
      total_traces_in_session: 3,
      traces_evaluated: 3,
      raw_risk: 0.6,
      signal_weights: { confidence: 1, loop_detection: 1, tool_correctness: 0.8, coherence: 1 },
      per_trace_signals: {
        t1: { confidence_risk: 0.1, loop_risk: 0, tool_risk: 0, coherence_risk: 0.2, step_risk: 0.2 },
        t2: { confidence_risk: 0.6, loop_risk: 0.5, tool_risk: 0.25, coherence_risk: 0.1, step_risk: 0.6 },
        t3: { loop_risk: 0, tool_risk: 0.5, coherence_risk: 0.3, step_risk: 0.4 },
      },
      flagged_traces: ["t2"],
      aggregation: {
        method: "max_compose_top_k",
        top_k_percentile: 0.15,
        ensemble_weight: 0.9,
        mean_top_k_risk: 0.6,
        max_risk: 0.6,
      },
    });
  });

  it("takes the mean of the riskiest 15 %, rounded up", () => {
    // 20 traces: k is exactly 3; rounding errors of 0.15 × 20 must not make it 4.
    const risks = [1, 0.8, 0.6, ...new Array<number>(17).fill(0.5)];
    const traces = risks.map((risk, i) => trace(`t${i}`, { confidence: 1 - risk }));
    const { score, metadata } = agentReliability.aggregate(traces, weights);
    expect(metadata["aggregation"]).toMatchObject({ mean_top_k_risk: 0.8, max_risk: 1 });
    expect(round4(score)).toBe(round4(1 - (0.9 * 0.8 + 0.1)));
  });

  it("flags only traces above 0.5", () => {
    const traces = [trace("at", { confidence: 0.5 }), trace("above", { confidence: 0.49 })];
    expect(agentReliability.aggregate(traces, weights).metadata["flagged_traces"]).toEqual(["above"]);
  });

  it("applies the weights, and clamps the score at 0", () => {
    const doubled = { ...weights, confidence: 2 };
    expect(agentReliability.aggregate([trace("t", { confidence: 0.2 })], doubled).score).toBe(0);
    const silenced = { ...weights, confidence: 0 };
    expect(agentReliability.aggregate([trace("t", { confidence: 0.2 })], silenced).score).toBe(1);
  });

  it("skips traces without signals, and reports how many it evaluated", () => {
    const { score, metadata } = agentReliability.aggregate(
      [trace("none", {}), trace("t", { coherence: 0.9 })],
      weights,
    );
    expect(round4(score)).toBe(0.9);
    expect(metadata).toMatchObject({ total_traces_in_session: 2, traces_evaluated: 1 });
    expect(metadata["per_trace_signals"]).toEqual({ t: { coherence_risk: 0.1, step_risk: 0.1 } });
  });

  it("evaluates the remaining signals if some failed, and lists the failed ones", () => {
    const { score, metadata } = agentReliability.aggregate(
      [trace("t", { coherence: 0.7 }, [timeout])],
      weights,
    );
    expect(round4(score)).toBe(0.7);
    expect(metadata["failed_signals"]).toEqual([{ trace_id: "t", ...timeout }]);
  });
});

describe("agent_consistency", () => {
  it("matches the worked example, over the traces that have confidence", () => {
    const { score, metadata } = agentConsistency.aggregate(session, weights);
    expect(round4(score)).toBe(0.2316);
    expect(metadata).toMatchObject({
      total_traces_in_session: 3,
      traces_evaluated: 2,
      raw_instability: 0.7684,
      per_trace_signals: {
        t1: { situational_penalty: 0.2, weighted_uncertainty: 0.12, confidence_risk: 0.1 },
        t2: { situational_penalty: 0.8, weighted_uncertainty: 1.08, confidence_risk: 0.6 },
      },
      flagged_traces: ["t2"],
      aggregation: { method: "weighted_rms", rms_value: 0.7684 },
    });
    expect(metadata["per_trace_signals"]).not.toHaveProperty("t3");
  });

  it("counts no penalty for missing signals", () => {
    expect(round4(agentConsistency.aggregate([trace("t", { confidence: 0.7 })], weights).score)).toBe(0.7);
  });

  it("has nothing to evaluate if no trace has confidence", () => {
    const { score, reason } = agentConsistency.aggregate([trace("t", { coherence: 0.1 })], weights);
    expect({ score, reason }).toEqual({ score: 1, reason: "No evaluable traces." });
  });

  it("fails if confidence failed for every trace, whatever the other signals", () => {
    const traces = [trace("t", { coherence: 0.9 }, [timeout])];
    expect(() => agentConsistency.aggregate(traces, weights)).toThrow(JudgeError);
  });
});

describe.each([agentReliability, agentConsistency])("$name", (metric) => {
  it("finds nothing wrong with a session without traces", () => {
    const { score, reason } = metric.aggregate([], weights);
    expect({ score, reason }).toEqual({ score: 1, reason: "No traces or signals to evaluate." });
  });

  it("fails instead of giving 1 if every signal failed", () => {
    const traces = [
      trace("t1", {}, [timeout]),
      trace("t2", {}, [{ signal: "coherence", reason: "No embeddings." }]),
    ];
    expect(() => metric.aggregate(traces, weights)).toThrow(/2 failed.*did not answer in time/);
  });

  it("also fails if the only other signals are from traces with nothing to judge", () => {
    const first: TraceSignals = {
      ...trace("t1", { loop_detection: 1, coherence: 1 }, [timeout]),
      notApplicable: ["loop_detection", "coherence"],
    };
    expect(() => metric.aggregate([first], weights)).toThrow(/did not answer in time/);
    expect(metric.aggregate([{ ...first, failed: [] }], weights).score).toBe(1);
  });

  it("stays between 0 and 1 with the largest possible weights", () => {
    const most = Number.MAX_VALUE;
    const heaviest = { confidence: most, loop_detection: most, tool_correctness: most, coherence: most };
    const { score, metadata } = metric.aggregate([...session, trace("t4", { confidence: 1 })], heaviest);
    expect(score).toBe(0);
    expect(JSON.stringify(metadata)).not.toContain("null");
  });

  it("treats any trace id as plain data", () => {
    const { metadata } = metric.aggregate([trace("__proto__", { confidence: 0.5 })], weights);
    expect(Object.keys(metadata["per_trace_signals"] as object)).toEqual(["__proto__"]);
  });
});

describe("not applicable signals", () => {
  const withNothingToJudge = (id: string): TraceSignals => ({
    ...trace(id, { loop_detection: 1, coherence: 1 }),
    notApplicable: ["loop_detection", "coherence"],
  });

  it("take their trace out of the count, and stay in its report", () => {
    const bad = trace("bad", { coherence: 0 });
    // Of 14 traces, k = ceil(0.15 × 14) would be 3; of the one that counts it is 1.
    const others = Array.from({ length: 13 }, (_, n) => withNothingToJudge(`t${n}`));
    const { score, metadata } = agentReliability.aggregate([bad, ...others], weights);
    expect(score).toBe(0);
    expect(metadata).toMatchObject({ total_traces_in_session: 14, traces_evaluated: 1 });
    expect(Object.keys(metadata["per_trace_signals"] as object)).toHaveLength(14);
    expect(metadata["per_trace_signals"]).toMatchObject({
      t0: { loop_risk: 0, coherence_risk: 0, step_risk: 0 },
    });
  });

  it.each([agentReliability, agentConsistency])("alone make $name not applicable", (metric) => {
    expect(metric.aggregate([withNothingToJudge("t")], weights)).toMatchObject({
      score: 1,
      notApplicable: "no_signals",
    });
    expect(metric.aggregate([], weights).notApplicable).toBe("no_signals");
  });
});
