import { z } from "zod";

const evaluationStatuses = ["PENDING", "RUNNING", "COMPLETED", "FAILED"] as const;
export const EvaluationStatus = z.enum(evaluationStatuses).meta({
  id: "EvaluationStatus",
  description: "A run has ended when it is COMPLETED or FAILED.",
});
export type EvaluationStatus = z.infer<typeof EvaluationStatus>;

export const ScoreDataType = z.enum(["NUMERIC", "BOOLEAN", "CATEGORICAL"]).meta({ id: "ScoreDataType" });
export type ScoreDataType = z.infer<typeof ScoreDataType>;

export const ScoreSource = z.enum(["AUTOMATED", "ANNOTATION", "PROGRAMMATIC"]).meta({
  id: "ScoreSource",
  description: "Who gave the score: a run (AUTOMATED), a person (ANNOTATION) or a program (PROGRAMMATIC).",
});
export type ScoreSource = z.infer<typeof ScoreSource>;

export const ScorePreference = z.enum(["person", "annotation"]).meta({
  id: "ScorePreference",
  description:
    "Puts scores by people before newer ones by judges and programs. `person`: an ANNOTATION with an `author_user_id`, or a value that a person changed. `annotation`: every ANNOTATION. Applies only while the trace or session has not changed since.",
});
export type ScorePreference = z.infer<typeof ScorePreference>;

export const ScoreStatus = z.enum(["SUCCESS", "FAILED", "PENDING"]).meta({ id: "ScoreStatus" });
export type ScoreStatus = z.infer<typeof ScoreStatus>;

export const TraceStatus = z.enum(["PENDING", "RUNNING", "COMPLETED", "ERROR"]).meta({ id: "TraceStatus" });
export type TraceStatus = z.infer<typeof TraceStatus>;

export const SpanKind = z
  .enum(["AGENT", "TOOL", "LLM", "RETRIEVER", "CHAIN", "EMBEDDING", "OTHER"])
  .meta({ id: "SpanKind" });
export type SpanKind = z.infer<typeof SpanKind>;

export const SpanStatusCode = z.enum(["UNSET", "OK", "ERROR"]).meta({ id: "SpanStatusCode" });
export type SpanStatusCode = z.infer<typeof SpanStatusCode>;

export const SortOrder = z.enum(["asc", "desc"]).meta({ id: "SortOrder" });
export type SortOrder = z.infer<typeof SortOrder>;

export const TraceSortBy = z
  .enum(["started_at", "ended_at", "name", "latency", "status"])
  .meta({ id: "TraceSortBy" });
export type TraceSortBy = z.infer<typeof TraceSortBy>;

export const SessionSortBy = z
  .enum(["recent", "trace_count", "latency", "cost"])
  .meta({ id: "SessionSortBy" });
export type SessionSortBy = z.infer<typeof SessionSortBy>;

export const MonitorStatus = z.enum(["ACTIVE", "PAUSED"]).meta({ id: "MonitorStatus" });
export type MonitorStatus = z.infer<typeof MonitorStatus>;

export const AnalyticsMetric = z
  .enum(["volume", "errors", "latency", "cost", "tokens", "models"])
  .meta({ id: "AnalyticsMetric" });
export type AnalyticsMetric = z.infer<typeof AnalyticsMetric>;

export const AnalyticsGranularity = z.enum(["hour", "day", "week"]).meta({
  id: "AnalyticsGranularity",
  description: "How long a bucket is, in UTC; a week starts on Monday.",
});
export type AnalyticsGranularity = z.infer<typeof AnalyticsGranularity>;

export const ScoreGroupBy = z
  .enum(["release", "environment", "tags", "user_id", "trace_name", "model", "source", "eval_run_id"])
  .meta({
    id: "ScoreGroupBy",
    description:
      "What scores are grouped by: a field of their trace, their judge, their source or their run.",
  });
export type ScoreGroupBy = z.infer<typeof ScoreGroupBy>;
