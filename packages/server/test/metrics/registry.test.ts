import { traceMetricNames, unknownMetric } from "@pandaprobe/contract/rules";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { builtInStages, findTraceMetric, traceMetrics } from "../../src/metrics/registry.ts";

describe("the registry", () => {
  it("lists the eight metrics of a single trace in a fixed order", () => {
    expect(traceMetrics.map(({ name }) => name)).toEqual([
      "task_completion",
      "tool_correctness",
      "argument_correctness",
      "step_efficiency",
      "confidence",
      "plan_adherence",
      "plan_quality",
      "coherence",
    ]);
    expect(traceMetricNames).toEqual(traceMetrics.map(({ name }) => name));
  });

  it("describes each in one sentence, with the default threshold", () => {
    for (const metric of traceMetrics) {
      expect(metric.description).toMatch(/^Evaluates .*[^.]\.$/);
      expect(metric.defaultThreshold).toBe(0.5);
      expect(metric.embeds).toBe(metric.name === "coherence");
    }
  });

  it("finds metrics by exact name, and knows which need a session", () => {
    expect(findTraceMetric("confidence")?.name).toBe("confidence");
    for (const name of ["Confidence", "toString", "__proto__", "", "loop_detection"]) {
      expect(findTraceMetric(name)).toBeUndefined();
    }
    for (const name of ["agent_reliability", "agent_consistency", "loop_detection"]) {
      expect(unknownMetric("trace", name).message).toContain("needs a whole session");
    }
  });

  it("gives each stage a name of its own", () => {
    expect(new Set(builtInStages.map(({ name }) => name)).size).toBe(builtInStages.length);
  });

  it.each(builtInStages.map((stage) => [stage.name, stage.schema] as const))(
    "asks %s for strict JSON",
    (_name, schema) => {
      const json = JSON.stringify(z.toJSONSchema(schema));
      // Strict structured output allows no maps and no optional properties.
      expect(json).not.toContain("propertyNames");
      expect(json).not.toContain('"additionalProperties":{');
      expect(json.match(/"type":"object"/g)?.length).toBe(json.match(/"required":\[/g)?.length);
    },
  );
});
