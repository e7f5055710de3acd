import { type DocumentedEndpoint, type DocumentedValue, dateRange } from "./documented-endpoint.ts";

const metricName = (name: string): DocumentedValue => ({ required: true, takes: [name] });
const granularity: DocumentedValue = {
  takes: ["hour", "day", "week"],
  refuses: ["month", "DAY", ""],
  default: "day",
};
const buckets: DocumentedValue = { takes: [1, 10, 100], refuses: [0, 101, "x"], default: 10 };

const summary = `[
{
"metric_name" : "task_completion" ,
"avg_score" : 0.82 ,
"min_score" : 0.15 ,
"max_score" : 1.0 ,
"median_score" : 0.87 ,
"success_count" : 145 ,
"failed_count" : 5 ,
"latest_score_at" : "2026-03-29T09:30:00Z"
}
]`;

/** The same three for traces and for sessions. */
function statistics(of: "trace" | "session", metric: string): DocumentedEndpoint[] {
  const path = `GET /evaluations/analytics/${of}-scores`;
  return [
    {
      endpoint: `${path}/summary`,
      status: 200,
      query: "date_from=2026-03-01T00:00:00Z",
      parameters: dateRange,
      answer: summary,
    },
    {
      endpoint: `${path}/trend`,
      status: 200,
      query: `metric_name=${metric}&granularity=day`,
      parameters: { metric_name: metricName(metric), granularity, ...dateRange },
    },
    {
      endpoint: `${path}/distribution`,
      status: 200,
      query: `metric_name=${metric}&buckets=10`,
      parameters: { metric_name: metricName(metric), buckets, ...dateRange },
    },
  ];
}

export const analyticsEndpoints: readonly DocumentedEndpoint[] = [
  ...statistics("trace", "task_completion"),
  ...statistics("session", "agent_reliability"),
  {
    endpoint: "GET /evaluations/analytics/session-scores/history/{session_id}",
    status: 200,
    query: "metric_name=agent_reliability&limit=50",
    parameters: {
      metric_name: { takes: ["agent_reliability"] },
      limit: { takes: [1, 50, 200], refuses: [0, 201, "x"], default: 50 },
    },
  },
  {
    endpoint: "GET /evaluations/analytics/session-scores/comparison",
    status: 200,
    query: "metric_name=agent_reliability&sort_order=asc&limit=10",
    parameters: {
      metric_name: metricName("agent_reliability"),
      sort_order: { takes: ["asc", "desc"], refuses: ["up", "ASC"], default: "asc" },
      limit: { takes: [1, 10, 100], refuses: [0, 101, "x"], default: 20 },
    },
  },
];
