import { describe, expect, it } from "vitest";
import { promptPreview } from "../../src/metrics/preview.ts";
import { findTraceMetric, traceMetrics } from "../../src/metrics/registry.ts";

describe("promptPreview", () => {
  it("shows the prompt of each stage under its name within the metric", () => {
    const stages = Object.fromEntries(
      traceMetrics.map((metric) => [metric.name, promptPreview(metric).map(({ stage }) => stage)]),
    );
    expect(stages).toEqual({
      task_completion: ["extract", "score"],
      tool_correctness: ["extract", "score"],
      argument_correctness: ["extract", "verdicts", "reason"],
      step_efficiency: ["extract", "score"],
      confidence: ["score"],
      plan_adherence: ["task", "plan", "score"],
      plan_quality: ["task", "plan", "score"],
      coherence: [],
    });
  });

  it("contains the instructions and a placeholder for each piece of data", () => {
    const metric = findTraceMetric("plan_quality");
    const [task, , score] = metric === undefined ? [] : promptPreview(metric);
    expect(task?.prompt).toContain("What did the user want from the agent");
    expect(task?.prompt).toContain(
      '<data label="trace">\n"… the trace under evaluation, as JSON …"\n</data>',
    );
    expect(score?.prompt).toContain(
      '<data label="task">\n"… the task, as an earlier stage found it …"\n</data>',
    );
    expect(score?.prompt).toContain('<data label="plan">\n["… the planned steps');
  });
});
