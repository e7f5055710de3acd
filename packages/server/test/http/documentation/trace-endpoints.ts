import {
  type DocumentedEndpoint,
  type DocumentedValue,
  dateRange,
  filterDates,
  named,
  oneOf,
  paging,
} from "./documented-endpoint.ts";

const metrics: DocumentedValue = {
  required: true,
  takes: [["task_completion"], ["tool_correctness", "step_efficiency", "argument_correctness"]],
  refuses: [[], "task_completion", null],
};
const label: DocumentedValue = { takes: ["a label", null], refuses: [1] };
const model: DocumentedValue = { takes: ["openai/gpt-5.4", null], refuses: [1] };

export const runAnswer = `{
"id" : "a1b2c3d4-..." ,
"name" : "Weekly production eval" ,
"status" : "PENDING" ,
"metric_names" : [ "task_completion" , "tool_correctness" , "step_efficiency" ],
"total_traces" : 150 ,
"evaluated_count" : 0 ,
"failed_count" : 0 ,
"created_at" : "2026-03-29T10:00:00Z" ,
"completed_at" : null ,
"project_id" : "..." ,
"target_type" : "TRACE" ,
"filters" : { "status" : "COMPLETED" , "tags" : [ "production" ]},
"sampling_rate" : 0.5 ,
"model" : "openai/gpt-5.4" ,
"monitor_id" : null ,
"error_message" : null
}`;

export const runStatuses = ["PENDING", "RUNNING", "COMPLETED", "FAILED"] as const;

export const traceEndpoints: readonly DocumentedEndpoint[] = [
  {
    endpoint: "GET /evaluations/trace-metrics",
    status: 200,
    answer: `[
{
"name" : "task_completion" ,
"description" : "Evaluates whether the agent accomplished the user's stated objective." ,
"category" : "trace"
},
{
"name" : "tool_correctness" ,
"description" : "Evaluates whether the agent selected appropriate tools for the task." ,
"category" : "trace"
}
]`,
  },
  { endpoint: "GET /evaluations/providers", status: 200 },
  {
    endpoint: "POST /evaluations/trace-runs",
    status: 202,
    isRateLimited: true,
    body: `{
"name" : "Weekly production eval" ,
"metrics" : [ "task_completion" , "tool_correctness" , "step_efficiency" ],
"filters" : {
"date_from" : "2026-03-01T00:00:00Z" ,
"date_to" : "2026-03-29T00:00:00Z" ,
"status" : "COMPLETED" ,
"tags" : [ "production" ]
},
"sampling_rate" : 0.5 ,
"model" : "openai/gpt-5.4"
}`,
    fields: {
      name: label,
      metrics,
      ...filterDates,
      "filters.status": {
        takes: ["PENDING", "RUNNING", "COMPLETED", "ERROR"],
        refuses: ["FAILED", "completed", 1],
        refusedWith: 400,
      },
      "filters.session_id": { takes: ["session-abc-123"], refuses: [1], refusedWith: 400 },
      "filters.user_id": { takes: ["user-1"], refuses: [1], refusedWith: 400 },
      "filters.tags": {
        takes: [["production"], ["none", "staging"]],
        refuses: ["production"],
        refusedWith: 400,
      },
      "filters.name": { takes: ["ANSWER", "wer a que"], refuses: [1], refusedWith: 400 },
      sampling_rate: { takes: [0, 0.5, 1], refuses: [-0.1, 1.1, "half", null], default: 1 },
      model,
    },
    answer: runAnswer,
  },
  {
    endpoint: "POST /evaluations/trace-runs/batch",
    status: 202,
    isRateLimited: true,
    body: `{
"trace_ids" : [
"11111111-1111-1111-1111-111111111111" ,
"22222222-2222-2222-2222-222222222222"
],
"metrics" : [ "task_completion" , "argument_correctness" ],
"name" : "Manual review batch" ,
"model" : null
}`,
    fields: {
      trace_ids: {
        required: true,
        takes: [["11111111-1111-1111-1111-111111111111"]],
        refuses: [[], ["1"], "11111111-1111-1111-1111-111111111111"],
      },
      metrics,
      name: label,
      model,
    },
    answer: runAnswer,
  },
  { endpoint: "GET /evaluations/trace-runs/{run_id}", status: 200, answer: runAnswer },
  {
    endpoint: "GET /evaluations/trace-runs",
    status: 200,
    query: "status=COMPLETED&limit=20&offset=0",
    parameters: { status: oneOf("status", runStatuses), ...paging },
  },
  { endpoint: "GET /evaluations/trace-runs/{run_id}/scores", status: 200 },
  {
    endpoint: "POST /evaluations/trace-runs/{run_id}/retry",
    status: 202,
    isRateLimited: true,
    answer: runAnswer,
  },
  {
    endpoint: "DELETE /evaluations/trace-runs/{run_id}",
    status: 204,
    query: "delete_scores=false",
    parameters: { delete_scores: { takes: [true, false], refuses: ["yes", "2", ""] } },
  },
  {
    endpoint: "POST /evaluations/trace-scores",
    status: 201,
    body: `{
"trace_id" : "11111111-1111-1111-1111-111111111111" ,
"name" : "quality" ,
"value" : "0.9" ,
"data_type" : "NUMERIC" ,
"source" : "ANNOTATION" ,
"reason" : "High quality response with accurate information"
}`,
    fields: {
      trace_id: { required: true, takes: ["22222222-2222-2222-2222-222222222222"], refuses: ["1", null] },
      name: { required: true, takes: ["coherence", "my own label"], refuses: ["", null, 1] },
      value: { required: true, takes: ["0.85", "0.0", "1.0"], refuses: ["1.1", "-0.1", "high", 0.85, null] },
      data_type: { takes: ["NUMERIC"], refuses: ["numeric", "TEXT", null], default: "NUMERIC" },
      source: {
        takes: ["ANNOTATION", "PROGRAMMATIC"],
        refuses: ["AUTOMATED", "annotation", null],
        default: "ANNOTATION",
      },
      reason: { takes: ["because", null], refuses: [1] },
      metadata: { takes: [{}, { reviewer: "ada" }], refuses: [[], "x"] },
    },
  },
  {
    endpoint: "GET /evaluations/trace-scores",
    status: 200,
    parameters: {
      trace_id: { takes: ["11111111-1111-1111-1111-111111111111"], refuses: ["1"], finds: named("trace_id") },
      name: { takes: ["quality", "task_completion"], finds: named("name") },
      source: oneOf("source", ["AUTOMATED", "ANNOTATION", "PROGRAMMATIC"]),
      status: oneOf("status", ["SUCCESS", "FAILED", "PENDING"]),
      data_type: oneOf("data_type", ["NUMERIC", "BOOLEAN", "CATEGORICAL"]),
      eval_run_id: { takes: ["{run_id}"], refuses: ["1"], finds: named("eval_run_id") },
      environment: { takes: ["production"], finds: named("environment") },
      ...dateRange,
      ...paging,
    },
  },
  { endpoint: "GET /evaluations/trace-scores/{trace_id}", status: 200 },
  {
    endpoint: "PATCH /evaluations/trace-scores/{score_id}",
    status: 200,
    body: `{
"value" : "0.95" ,
"reason" : "Revised after manual review"
}`,
    fields: {
      value: { takes: ["0.5"], refuses: ["2", 0.5, null] },
      reason: { takes: ["because", null], refuses: [1] },
      metadata: { takes: [{ reviewer: "ada" }, null], refuses: [[]] },
      // "Only value, reason, and metadata can be changed."
      name: { takes: [], refuses: ["another"] },
      status: { takes: [], refuses: ["FAILED"] },
      source: { takes: [], refuses: ["PROGRAMMATIC"] },
      data_type: { takes: [], refuses: ["BOOLEAN"] },
    },
  },
  { endpoint: "DELETE /evaluations/trace-scores/{score_id}", status: 204 },
  {
    endpoint: "GET /evaluations/trace-runs/template",
    status: 200,
    query: "metric=task_completion",
    parameters: {
      metric: {
        required: true,
        takes: ["task_completion", "coherence"],
        refuses: ["nonsense"],
        refusedWith: 400,
      },
    },
  },
];
