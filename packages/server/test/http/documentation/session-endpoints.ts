import {
  type DocumentedEndpoint,
  type DocumentedValue,
  dateRange,
  filterDates,
  named,
  oneOf,
  paging,
} from "./documented-endpoint.ts";
import { runAnswer, runStatuses } from "./trace-endpoints.ts";

const metrics: DocumentedValue = {
  required: true,
  takes: [["agent_reliability"], ["agent_reliability", "agent_consistency"]],
  refuses: [[], "agent_reliability", null],
};
const label: DocumentedValue = { takes: ["a label", null], refuses: [1] };
const model: DocumentedValue = { takes: ["openai/gpt-5.4", null], refuses: [1] };
const weights: DocumentedValue = {
  takes: [
    { confidence: 1, loop_detection: 1.5, tool_correctness: 0.8, coherence: 1 },
    { confidence: 0 },
    null,
  ],
  refuses: [{ mood: 1 }, { confidence: -1 }],
  refusedWith: 400,
};

export const sessionEndpoints: readonly DocumentedEndpoint[] = [
  {
    endpoint: "GET /evaluations/session-metrics",
    status: 200,
    answer: `[
{
"name" : "agent_reliability" ,
"description" : "Evaluates worst-case failure risk across a session." ,
"category" : "session"
},
{
"name" : "agent_consistency" ,
"description" : "Evaluates overall stability across a session." ,
"category" : "session"
}
]`,
  },
  {
    endpoint: "POST /evaluations/session-runs",
    status: 202,
    isRateLimited: true,
    body: `{
"name" : "Agent reliability check" ,
"metrics" : [ "agent_reliability" , "agent_consistency" ],
"filters" : {
"date_from" : "2026-03-01T00:00:00Z" ,
"date_to" : "2026-03-29T00:00:00Z" ,
"min_trace_count" : 3
},
"sampling_rate" : 1.0 ,
"model" : "openai/gpt-5.4" ,
"signal_weights" : {
"confidence" : 1.0 ,
"loop_detection" : 1.5 ,
"tool_correctness" : 0.8 ,
"coherence" : 1.0
}
}`,
    fields: {
      name: label,
      metrics,
      ...filterDates,
      "filters.user_id": { takes: ["user-1"], refuses: [1], refusedWith: 400 },
      "filters.has_error": { takes: [true, false], refuses: ["yes", 2], refusedWith: 400 },
      "filters.tags": {
        takes: [["production"], ["none", "staging"]],
        refuses: ["production"],
        refusedWith: 400,
      },
      "filters.min_trace_count": { takes: [1, 3], refuses: [0, -1, 1.5, "three"], refusedWith: 400 },
      sampling_rate: { takes: [0, 0.5, 1], refuses: [-0.1, 1.1, "half", null], default: 1 },
      model,
      signal_weights: weights,
    },
    answer: runAnswer,
  },
  {
    endpoint: "POST /evaluations/session-runs/batch",
    status: 202,
    isRateLimited: true,
    body: `{
"session_ids" : [ "session-abc-123" , "session-def-456" ],
"metrics" : [ "agent_reliability" ],
"signal_weights" : { "confidence" : 1.0 , "loop_detection" : 2.0 }
}`,
    fields: {
      session_ids: { required: true, takes: [["session-def-456"]], refuses: [[], [1], "session-def-456"] },
      metrics,
      name: label,
      model,
      signal_weights: weights,
    },
    answer: runAnswer,
  },
  {
    endpoint: "GET /evaluations/session-runs",
    status: 200,
    parameters: { status: oneOf("status", runStatuses), ...paging },
  },
  { endpoint: "GET /evaluations/session-runs/{run_id}", status: 200, answer: runAnswer },
  {
    endpoint: "DELETE /evaluations/session-runs/{run_id}",
    status: 204,
    query: "delete_scores=true",
    parameters: { delete_scores: { takes: [true, false], refuses: ["yes", "2", ""] } },
  },
  {
    endpoint: "POST /evaluations/session-runs/{run_id}/retry",
    status: 202,
    isRateLimited: true,
    answer: runAnswer,
  },
  { endpoint: "GET /evaluations/session-runs/{run_id}/scores", status: 200 },
  {
    endpoint: "GET /evaluations/session-scores",
    status: 200,
    parameters: {
      session_id: { takes: ["session-abc-123"], finds: named("session_id") },
      name: { takes: ["agent_reliability"], finds: named("name") },
      source: { ...oneOf("source", ["AUTOMATED"]), takes: ["AUTOMATED"] },
      status: { ...oneOf("status", ["SUCCESS"]), takes: ["SUCCESS"] },
      eval_run_id: { takes: ["{run_id}"], refuses: ["1"], finds: named("eval_run_id") },
      ...dateRange,
      ...paging,
    },
  },
  { endpoint: "GET /evaluations/session-scores/{session_id}", status: 200 },
  { endpoint: "DELETE /evaluations/session-scores/{score_id}", status: 204 },
];
