import {
  CreateBatchEvalRunRequest,
  CreateEvalRunRequest,
  CreateTraceScoreRequest,
  contract,
  EvalRunResponse,
  UpdateTraceScoreRequest,
} from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";

/*
 * The bodies of PandaProbe's documentation page "Run evaluations through the API", unchanged except that the tests
 * complete shortened ids ("a1b2c3d4-...").
 */

const weeklyRun = `{
  "name": "Weekly production eval",
  "metrics": ["task_completion", "tool_correctness", "step_efficiency"],
  "filters": {
    "date_from": "2026-03-01T00:00:00Z",
    "date_to": "2026-03-29T00:00:00Z",
    "status": "COMPLETED",
    "tags": ["production"]
  },
  "sampling_rate": 0.5,
  "model": "openai/gpt-5.4"
}`;

const weeklyRunAnswer = `{
  "id": "a1b2c3d4-...",
  "name": "Weekly production eval",
  "status": "PENDING",
  "metric_names": ["task_completion", "tool_correctness", "step_efficiency"],
  "total_traces": 150,
  "evaluated_count": 0,
  "failed_count": 0,
  "created_at": "2026-03-29T10:00:00Z",
  "completed_at": null,
  "project_id": "...",
  "target_type": "TRACE",
  "filters": { "status": "COMPLETED", "tags": ["production"] },
  "sampling_rate": 0.5,
  "model": "openai/gpt-5.4",
  "monitor_id": null,
  "error_message": null
}`;

const reviewBatch = `{
  "trace_ids": [
    "11111111-1111-1111-1111-111111111111",
    "22222222-2222-2222-2222-222222222222"
  ],
  "metrics": ["task_completion", "argument_correctness"],
  "name": "Manual review batch",
  "model": null
}`;

const manualScore = `{
  "trace_id": "11111111-1111-1111-1111-111111111111",
  "name": "quality",
  "value": "0.9",
  "data_type": "NUMERIC",
  "source": "ANNOTATION",
  "reason": "High quality response with accurate information"
}`;

const revision = `{
  "value": "0.95",
  "reason": "Revised after manual review"
}`;

const traceMetrics = `[
  {
    "name": "task_completion",
    "description": "Evaluates whether the agent accomplished the user's stated objective.",
    "category": "trace"
  },
  {
    "name": "tool_correctness",
    "description": "Evaluates whether the agent selected appropriate tools for the task.",
    "category": "trace"
  }
]`;

describe("requests in the documentation", () => {
  test.each([
    ["a filtered run", CreateEvalRunRequest, weeklyRun],
    ["a batch run", CreateBatchEvalRunRequest, reviewBatch],
    ["a manual score", CreateTraceScoreRequest, manualScore],
    ["a revised score", UpdateTraceScoreRequest, revision],
  ])("%s is parsed unchanged", (_, schema, text) => {
    expect(schema.parse(JSON.parse(text))).toEqual(JSON.parse(text));
  });

  test.each([
    ["status=COMPLETED&limit=20&offset=0", contract.traceRuns.listTraceRuns.query],
    ["metric=task_completion", contract.traceRuns.getTraceRunTemplate.query],
    ["delete_scores=false", contract.traceRuns.deleteTraceRun.query],
  ])("the query %s is parsed", (text, schema) => {
    const query = Object.fromEntries(new URLSearchParams(text));
    const read = Object.entries(schema.parse(query)).map(([name, value]) => [name, String(value)]);
    expect(Object.fromEntries(read)).toEqual(query);
  });
});

describe("responses in the documentation", () => {
  test("a run", () => {
    const answer = {
      ...JSON.parse(weeklyRunAnswer),
      id: "a1b2c3d4-0000-0000-0000-000000000000",
      project_id: "00000000-0000-0000-0000-000000000000",
      // This API's second name for `total_traces`, which is not on the page.
      total_targets: 150,
      // Fields that this API adds.
      repeats: 1,
      judges: null,
      aggregate: null,
      metric_versions: {},
      max_cost_usd: null,
      usage: { calls: 0, cached_calls: 0, input_tokens: 0, output_tokens: 0, cost_usd: null },
      waiting_for: null,
    };
    expect(EvalRunResponse.parse(answer)).toEqual(answer);
  });

  test("the trace metrics", () => {
    const schema = contract.metrics.listTraceMetrics.responses[200];
    expect(schema.parse(JSON.parse(traceMetrics))).toEqual(JSON.parse(traceMetrics));
  });
});
