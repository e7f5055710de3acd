import { readFile } from "node:fs/promises";
import type * as contract from "@pandaprobe/contract";
import type * as sdk from "@pandaprobe/sdk";
import type * as admin from "@pandaprobe/sdk/admin";
import type * as metrics from "@pandaprobe/sdk/metrics";
import type * as review from "@pandaprobe/sdk/review";
import { expect, it } from "vitest";
import type { Operations } from "../src/generated/operations.ts";
import type { OperationRoutes } from "../src/generated/routes.ts";
import type { PathIds } from "../src/route.ts";

type Schema = { readonly _zod: { readonly input: unknown; readonly output: unknown } };
type Sent<S extends Schema> = S["_zod"]["input"];
type Received<S extends Schema> = S["_zod"]["output"];

/** Whether two types are identical, including optional and readonly fields; `any` is identical to itself alone. */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only if the types are identical. */
function equal<A, B>(..._proof: Equal<A, B> extends true ? [] : [never]): true {
  return true;
}

type Routes = contract.Contract;
type Route = Routes[keyof Routes] extends infer Group
  ? Group extends unknown
    ? { [O in keyof Group]: readonly [O, Group[O]] }[keyof Group]
    : never
  : never;
type RouteOf<O> = Extract<Route, readonly [O, unknown]>[1];
type QueryOf<R> = R extends { readonly query: infer S extends Schema } ? Sent<S> : undefined;
type BodyOf<R> = R extends { readonly body: infer S extends Schema }
  ? Exclude<Sent<S>, undefined>
  : undefined;
type Success<R> = R extends { readonly responses: infer All }
  ? All[keyof All & (200 | 201 | 202 | 204)]
  : never;
type ResponseOf<R> = Success<R> extends infer S extends Schema ? Received<S> : undefined;
type ContractOperations = {
  [O in keyof Operations]: {
    query: QueryOf<RouteOf<O>>;
    body: BodyOf<RouteOf<O>>;
    response: ResponseOf<RouteOf<O>>;
  };
};

/** The operations whose methods have parameters of their own. */
type OwnWay = "getTraceRunTemplate" | "deleteTraceRun" | "deleteSessionRun";
type Methods = Omit<Operations, OwnWay>;
/** The parameters of a method made from the route map: those of the path, the body or the query, options. */
type Taken<O extends keyof Operations> = [
  ...PathIds<OperationRoutes[O][1]>,
  ...Input<Operations[O]["body"]>,
  ...Input<Operations[O]["query"]>,
  sdk.RequestOptions | undefined,
];
type Input<T> = [T] extends [undefined] ? [] : [T | undefined];
type MadeMethods = { [O in keyof Methods]: Required<Parameters<sdk.PandaProbe[O]>>["length"] };
type RouteLengths = { [O in keyof Methods]: Taken<O>["length"] };
type Fits = { [O in keyof Methods]: Parameters<sdk.PandaProbe[O]> extends Partial<Taken<O>> ? true : O };
/** All responses, except streams and one that depends on the request. */
type Answered = Omit<Operations, "getTraceAnalytics" | "streamTraceRun" | "streamSessionRun">;
type Given = { [O in keyof Answered]: Awaited<ReturnType<sdk.PandaProbe[O]>> };

const pinned = {
  ApiKeyInfo: equal<admin.ApiKeyInfo, Received<typeof contract.ApiKeyInfo>>(),
  ApiKeyPage: equal<admin.ApiKeyPage, Received<typeof contract.ApiKeyPage>>(),
  AuditEvent: equal<admin.AuditEvent, Received<typeof contract.AuditEvent>>(),
  AuditEventPage: equal<admin.AuditEventPage, Received<typeof contract.AuditEventPage>>(),
  CreateApiKeyRequest: equal<admin.CreateApiKeyRequest, Sent<typeof contract.CreateApiKeyRequest>>(),
  CreatedApiKey: equal<admin.CreatedApiKey, Received<typeof contract.CreatedApiKey>>(),
  KeyScope: equal<admin.KeyScope, Received<typeof contract.KeyScope>>(),
  ProjectListItem: equal<admin.ProjectListItem, Received<typeof contract.ProjectListItem>>(),
  ProjectPage: equal<admin.ProjectPage, Received<typeof contract.ProjectPage>>(),
  ProjectUsage: equal<admin.ProjectUsage, Received<typeof contract.ProjectUsage>>(),
  QuotaUsage: equal<admin.QuotaUsage, Received<typeof contract.QuotaUsage>>(),
  RotateApiKeyRequest: equal<admin.RotateApiKeyRequest, Sent<typeof contract.RotateApiKeyRequest>>(),
  ListApiKeysQuery: equal<admin.ListApiKeysQuery, Sent<Routes["apiKeys"]["listApiKeys"]["query"]>>(),
  ListAuditEventsQuery: equal<
    admin.ListAuditEventsQuery,
    Sent<Routes["auditLog"]["listAuditEvents"]["query"]>
  >(),
  JudgeDefaults: equal<admin.JudgeDefaults, Received<typeof contract.JudgeDefaults>>(),
  ModelLimit: equal<admin.ModelLimit, Received<typeof contract.ModelLimit>>(),
  ModelPrice: equal<admin.ModelPrice, Received<typeof contract.ModelPrice>>(),
  ProjectDefaults: equal<admin.ProjectDefaults, Received<typeof contract.ProjectDefaults>>(),
  RequestLimits: equal<admin.RequestLimits, Received<typeof contract.RequestLimits>>(),
  Retention: equal<admin.Retention, Received<typeof contract.Retention>>(),
  ServerSettings: equal<admin.ServerSettings, Received<typeof contract.ServerSettings>>(),
  ListProjectsQuery: equal<admin.ListProjectsQuery, Sent<Routes["projects"]["listProjects"]["query"]>>(),
  Agreement: equal<review.Agreement, Received<typeof contract.Agreement>>(),
  ComparedSide: equal<review.ComparedSide, Sent<typeof contract.ComparedSide>>(),
  CompareScoresRequest: equal<review.CompareScoresRequest, Sent<typeof contract.CompareScoresRequest>>(),
  ComparisonResponse: equal<review.ComparisonResponse, Received<typeof contract.ComparisonResponse>>(),
  ComparisonVerdict: equal<review.ComparisonVerdict, Received<typeof contract.ComparisonVerdict>>(),
  MetricComparison: equal<review.MetricComparison, Received<typeof contract.MetricComparison>>(),
  RegressedScore: equal<review.RegressedScore, Received<typeof contract.RegressedScore>>(),
  Regression: equal<review.Regression, Received<typeof contract.Regression>>(),
  SideFigures: equal<review.SideFigures, Received<typeof contract.SideFigures>>(),
  ComputeAgreementRequest: equal<
    review.ComputeAgreementRequest,
    Sent<typeof contract.ComputeAgreementRequest>
  >(),
  Confusion: equal<review.Confusion, Received<typeof contract.Confusion>>(),
  Disagreement: equal<review.Disagreement, Received<typeof contract.Disagreement>>(),
  Interval: equal<review.Interval, Received<typeof contract.Interval>>(),
  JudgeFilter: equal<review.JudgeFilter, Sent<typeof contract.JudgeFilter>>(),
  JudgeOpinion: equal<review.JudgeOpinion, Received<typeof contract.JudgeOpinion>>(),
  JudgeQuestion: equal<review.JudgeQuestion, Received<typeof contract.JudgeQuestion>>(),
  JudgementSource: equal<review.JudgementSource, Received<typeof contract.JudgementSource>>(),
  ScoreJudgement: equal<review.ScoreJudgement, Received<typeof contract.ScoreJudgement>>(),
  GetTraceScoreJudgementQuery: equal<
    review.GetTraceScoreJudgementQuery,
    Sent<Routes["traceScores"]["getTraceScoreJudgement"]["query"]>
  >(),
  LabelSelection: equal<review.LabelSelection, Received<typeof contract.LabelSelection>>(),
  LabelsLeftOut: equal<review.LabelsLeftOut, Received<typeof contract.LabelsLeftOut>>(),
  PassRates: equal<review.PassRates, Received<typeof contract.PassRates>>(),
  PersonOpinion: equal<review.PersonOpinion, Received<typeof contract.PersonOpinion>>(),
  CreateSessionScoreRequest: equal<
    review.CreateSessionScoreRequest,
    Sent<typeof contract.CreateSessionScoreRequest>
  >(),
  SessionScoreRevision: equal<review.SessionScoreRevision, Received<typeof contract.SessionScoreRevision>>(),
  CreateSpanScoreRequest: equal<
    review.CreateSpanScoreRequest,
    Sent<typeof contract.CreateSpanScoreRequest>
  >(),
  ListSpanScoresQuery: equal<
    review.ListSpanScoresQuery,
    Sent<Routes["spanScores"]["listSpanScores"]["query"]>
  >(),
  SpanScorePage: equal<review.SpanScorePage, Received<typeof contract.SpanScorePage>>(),
  SpanScoreResponse: equal<review.SpanScoreResponse, Received<typeof contract.SpanScoreResponse>>(),
  UpdateSpanScoreRequest: equal<
    review.UpdateSpanScoreRequest,
    Sent<typeof contract.UpdateSpanScoreRequest>
  >(),
  UpdateSessionScoreRequest: equal<
    review.UpdateSessionScoreRequest,
    Sent<typeof contract.UpdateSessionScoreRequest>
  >(),
  ReviewQueueResponse: equal<review.ReviewQueueResponse, Received<typeof contract.ReviewQueueResponse>>(),
  ReviewQueueSummary: equal<review.ReviewQueueSummary, Received<typeof contract.ReviewQueueSummary>>(),
  ReviewQueuePage: equal<review.ReviewQueuePage, Received<typeof contract.ReviewQueuePage>>(),
  ReviewedMetric: equal<review.ReviewedMetric, Received<typeof contract.ReviewedMetric>>(),
  ReviewChoice: equal<review.ReviewChoice, Received<typeof contract.ReviewChoice>>(),
  ReviewerProgress: equal<review.ReviewerProgress, Received<typeof contract.ReviewerProgress>>(),
  ReviewOrder: equal<review.ReviewOrder, Received<typeof contract.ReviewOrder>>(),
  ClaimedReviewItem: equal<review.ClaimedReviewItem, Received<typeof contract.ClaimedReviewItem>>(),
  CompletedReview: equal<review.CompletedReview, Received<typeof contract.CompletedReview>>(),
  ItemReview: equal<review.ItemReview, Received<typeof contract.ItemReview>>(),
  JudgeOfReview: equal<review.JudgeOfReview, Received<typeof contract.JudgeOfReview>>(),
  ReviewClaim: equal<review.ReviewClaim, Received<typeof contract.ReviewClaim>>(),
  ReviewedScore: equal<review.ReviewedScore, Received<typeof contract.ReviewedScore>>(),
  ReviewItem: equal<review.ReviewItem, Received<typeof contract.ReviewItem>>(),
  ReviewItemPage: equal<review.ReviewItemPage, Received<typeof contract.ReviewItemPage>>(),
  ReviewItemStatus: equal<review.ReviewItemStatus, Received<typeof contract.ReviewItemStatus>>(),
  ReviewVerdict: equal<review.ReviewVerdict, Received<typeof contract.ReviewVerdict>>(),
  CreateReviewQueueRequest: equal<
    review.CreateReviewQueueRequest,
    Sent<typeof contract.CreateReviewQueueRequest>
  >(),
  UpdateReviewQueueRequest: equal<
    review.UpdateReviewQueueRequest,
    Sent<typeof contract.UpdateReviewQueueRequest>
  >(),
  ReviewMetricRequest: equal<review.ReviewMetricRequest, Sent<typeof contract.ReviewMetricRequest>>(),
  ReviewSource: equal<review.ReviewSource, Sent<typeof contract.ReviewSource>>(),
  ClaimReviewItemRequest: equal<
    review.ClaimReviewItemRequest,
    Sent<typeof contract.ClaimReviewItemRequest>
  >(),
  CompleteReviewItemRequest: equal<
    review.CompleteReviewItemRequest,
    Sent<typeof contract.CompleteReviewItemRequest>
  >(),
  GivenScore: equal<review.GivenScore, Sent<typeof contract.GivenScore>>(),
  ReleaseReviewItemRequest: equal<
    review.ReleaseReviewItemRequest,
    Sent<typeof contract.ReleaseReviewItemRequest>
  >(),
  SkipReviewItemRequest: equal<review.SkipReviewItemRequest, Sent<typeof contract.SkipReviewItemRequest>>(),
  ListReviewItemsQuery: equal<
    review.ListReviewItemsQuery,
    Sent<Routes["reviewItems"]["listReviewItems"]["query"]>
  >(),
  ListReviewQueuesQuery: equal<
    review.ListReviewQueuesQuery,
    Sent<Routes["reviewQueues"]["listReviewQueues"]["query"]>
  >(),
  ChecklistMetric: equal<metrics.ChecklistMetric, Sent<typeof contract.ChecklistMetric>>(),
  ContainsMetric: equal<metrics.ContainsMetric, Sent<typeof contract.ContainsMetric>>(),
  CostMetric: equal<metrics.CostMetric, Sent<typeof contract.CostMetric>>(),
  ExactMatchMetric: equal<metrics.ExactMatchMetric, Sent<typeof contract.ExactMatchMetric>>(),
  JsonSchemaMetric: equal<metrics.JsonSchemaMetric, Sent<typeof contract.JsonSchemaMetric>>(),
  LatencyMetric: equal<metrics.LatencyMetric, Sent<typeof contract.LatencyMetric>>(),
  MetricAnchor: equal<metrics.MetricAnchor, Sent<typeof contract.MetricAnchor>>(),
  MetricCriterion: equal<metrics.MetricCriterion, Sent<typeof contract.MetricCriterion>>(),
  MetricDefinition: equal<metrics.MetricDefinition, Sent<typeof contract.MetricDefinition>>(),
  NoErrorsMetric: equal<metrics.NoErrorsMetric, Sent<typeof contract.NoErrorsMetric>>(),
  ScaleMetric: equal<metrics.ScaleMetric, Sent<typeof contract.ScaleMetric>>(),
  ToolSequenceMetric: equal<metrics.ToolSequenceMetric, Sent<typeof contract.ToolSequenceMetric>>(),
  MetricListItem: equal<metrics.MetricListItem, Received<typeof contract.MetricListItem>>(),
  MetricResponse: equal<metrics.MetricResponse, Received<typeof contract.MetricResponse>>(),
  MetricTrial: equal<metrics.MetricTrial, Received<typeof contract.MetricTrial>>(),
  MetricTrialResult: equal<metrics.MetricTrialResult, Received<typeof contract.MetricTrialResult>>(),
  TryMetricRequest: equal<metrics.TryMetricRequest, Sent<typeof contract.TryMetricRequest>>(),
  MetricVersion: equal<metrics.MetricVersion, Received<typeof contract.MetricVersion>>(),
  MetricVersionPage: equal<metrics.MetricVersionPage, Received<typeof contract.MetricVersionPage>>(),
  ListMetricVersionsQuery: equal<
    metrics.ListMetricVersionsQuery,
    Sent<Routes["ownMetrics"]["listMetricVersions"]["query"]>
  >(),
  AnalyticsBucket: equal<sdk.AnalyticsBucket, Received<typeof contract.AnalyticsBucket>>(),
  AnalyticsGranularity: equal<sdk.AnalyticsGranularity, Received<typeof contract.AnalyticsGranularity>>(),
  AnalyticsMetric: equal<sdk.AnalyticsMetric, Received<typeof contract.AnalyticsMetric>>(),
  BatchCreateItem: equal<sdk.BatchCreateItem, Received<typeof contract.BatchCreateItem>>(),
  BatchCreateRequest: equal<sdk.BatchCreateRequest, Sent<typeof contract.BatchCreateRequest>>(),
  BatchCreateResponse: equal<sdk.BatchCreateResponse, Received<typeof contract.BatchCreateResponse>>(),
  BatchDeleteRequest: equal<sdk.BatchDeleteRequest, Sent<typeof contract.BatchDeleteRequest>>(),
  BatchDeleteResponse: equal<sdk.BatchDeleteResponse, Received<typeof contract.BatchDeleteResponse>>(),
  BatchItemError: equal<sdk.BatchItemError, Received<typeof contract.BatchItemError>>(),
  BatchTagsRequest: equal<sdk.BatchTagsRequest, Sent<typeof contract.BatchTagsRequest>>(),
  BatchTagsResponse: equal<sdk.BatchTagsResponse, Received<typeof contract.BatchTagsResponse>>(),
  CreateBatchEvalRunRequest: equal<
    sdk.CreateBatchEvalRunRequest,
    Sent<typeof contract.CreateBatchEvalRunRequest>
  >(),
  CreateBatchSessionEvalRunRequest: equal<
    sdk.CreateBatchSessionEvalRunRequest,
    Sent<typeof contract.CreateBatchSessionEvalRunRequest>
  >(),
  CreateEvalRunRequest: equal<sdk.CreateEvalRunRequest, Sent<typeof contract.CreateEvalRunRequest>>(),
  CreateMonitorRequest: equal<sdk.CreateMonitorRequest, Sent<typeof contract.CreateMonitorRequest>>(),
  CreateSessionEvalRunRequest: equal<
    sdk.CreateSessionEvalRunRequest,
    Sent<typeof contract.CreateSessionEvalRunRequest>
  >(),
  CreateTraceScoreRequest: equal<
    sdk.CreateTraceScoreRequest,
    Sent<typeof contract.CreateTraceScoreRequest>
  >(),
  DeleteSessionRunQuery: equal<
    sdk.DeleteSessionRunQuery,
    Sent<Routes["sessionRuns"]["deleteSessionRun"]["query"]>
  >(),
  DeleteTraceRunQuery: equal<sdk.DeleteTraceRunQuery, Sent<Routes["traceRuns"]["deleteTraceRun"]["query"]>>(),
  EvalRunFilters: equal<sdk.EvalRunFilters, Sent<typeof contract.EvalRunFilters>>(),
  EvalRunPage: equal<sdk.EvalRunPage, Received<typeof contract.EvalRunPage>>(),
  EvalRunResponse: equal<sdk.EvalRunResponse, Received<typeof contract.EvalRunResponse>>(),
  EvalRunTemplate: equal<sdk.EvalRunTemplate, Received<typeof contract.EvalRunTemplate>>(),
  EvaluationStatus: equal<sdk.EvaluationStatus, Received<typeof contract.EvaluationStatus>>(),
  GetSessionAnalyticsQuery: equal<
    sdk.GetSessionAnalyticsQuery,
    Sent<Routes["sessions"]["getSessionAnalytics"]["query"]>
  >(),
  GetSessionQuery: equal<sdk.GetSessionQuery, Sent<Routes["sessions"]["getSession"]["query"]>>(),
  GetSessionRunScoresQuery: equal<
    sdk.GetSessionRunScoresQuery,
    Sent<Routes["sessionRuns"]["getSessionRunScores"]["query"]>
  >(),
  GetSessionScoreComparisonQuery: equal<
    sdk.GetSessionScoreComparisonQuery,
    Sent<Routes["scoreAnalytics"]["getSessionScoreComparison"]["query"]>
  >(),
  GetSessionScoreDistributionQuery: equal<
    sdk.GetSessionScoreDistributionQuery,
    Sent<Routes["scoreAnalytics"]["getSessionScoreDistribution"]["query"]>
  >(),
  GetSessionScoreHistoryQuery: equal<
    sdk.GetSessionScoreHistoryQuery,
    Sent<Routes["scoreAnalytics"]["getSessionScoreHistory"]["query"]>
  >(),
  GetSessionScoreSummaryQuery: equal<
    sdk.GetSessionScoreSummaryQuery,
    Sent<Routes["scoreAnalytics"]["getSessionScoreSummary"]["query"]>
  >(),
  GetSessionScoreTrendQuery: equal<
    sdk.GetSessionScoreTrendQuery,
    Sent<Routes["scoreAnalytics"]["getSessionScoreTrend"]["query"]>
  >(),
  GetTraceAnalyticsQuery: equal<
    sdk.GetTraceAnalyticsQuery,
    Sent<Routes["traceAnalytics"]["getTraceAnalytics"]["query"]>
  >(),
  GetTraceRunScoresQuery: equal<
    sdk.GetTraceRunScoresQuery,
    Sent<Routes["traceRuns"]["getTraceRunScores"]["query"]>
  >(),
  GetTraceScoresQuery: equal<
    sdk.GetTraceScoresQuery,
    Sent<Routes["traceScores"]["getTraceScores"]["query"]>
  >(),
  GetSessionScoresQuery: equal<
    sdk.GetSessionScoresQuery,
    Sent<Routes["sessionScores"]["getSessionScores"]["query"]>
  >(),
  GetTraceRunTemplateQuery: equal<
    sdk.GetTraceRunTemplateQuery,
    Sent<Routes["traceRuns"]["getTraceRunTemplate"]["query"]>
  >(),
  GetTraceScoreDistributionQuery: equal<
    sdk.GetTraceScoreDistributionQuery,
    Sent<Routes["scoreAnalytics"]["getTraceScoreDistribution"]["query"]>
  >(),
  GetTraceScoreSummaryQuery: equal<
    sdk.GetTraceScoreSummaryQuery,
    Sent<Routes["scoreAnalytics"]["getTraceScoreSummary"]["query"]>
  >(),
  GetTraceScoreTrendQuery: equal<
    sdk.GetTraceScoreTrendQuery,
    Sent<Routes["scoreAnalytics"]["getTraceScoreTrend"]["query"]>
  >(),
  Health: equal<sdk.Health, Received<typeof contract.Health>>(),
  ListMonitorRunsQuery: equal<
    sdk.ListMonitorRunsQuery,
    Sent<Routes["monitors"]["listMonitorRuns"]["query"]>
  >(),
  ListMonitorsQuery: equal<sdk.ListMonitorsQuery, Sent<Routes["monitors"]["listMonitors"]["query"]>>(),
  ListSessionRunsQuery: equal<
    sdk.ListSessionRunsQuery,
    Sent<Routes["sessionRuns"]["listSessionRuns"]["query"]>
  >(),
  ListSessionScoresQuery: equal<
    sdk.ListSessionScoresQuery,
    Sent<Routes["sessionScores"]["listSessionScores"]["query"]>
  >(),
  ListSpansQuery: equal<sdk.ListSpansQuery, Sent<Routes["spans"]["listSpans"]["query"]>>(),
  ListSessionsQuery: equal<sdk.ListSessionsQuery, Sent<Routes["sessions"]["listSessions"]["query"]>>(),
  ListTraceRunsQuery: equal<sdk.ListTraceRunsQuery, Sent<Routes["traceRuns"]["listTraceRuns"]["query"]>>(),
  ListTraceScoresQuery: equal<
    sdk.ListTraceScoresQuery,
    Sent<Routes["traceScores"]["listTraceScores"]["query"]>
  >(),
  ListTraceUsersQuery: equal<
    sdk.ListTraceUsersQuery,
    Sent<Routes["traceAnalytics"]["listTraceUsers"]["query"]>
  >(),
  ListTracesQuery: equal<sdk.ListTracesQuery, Sent<Routes["traces"]["listTraces"]["query"]>>(),
  MetricInfo: equal<sdk.MetricInfo, Received<typeof contract.MetricInfo>>(),
  MetricSummary: equal<sdk.MetricSummary, Received<typeof contract.MetricSummary>>(),
  MonitorPage: equal<sdk.MonitorPage, Received<typeof contract.MonitorPage>>(),
  MonitorResponse: equal<sdk.MonitorResponse, Received<typeof contract.MonitorResponse>>(),
  MonitorStatus: equal<sdk.MonitorStatus, Received<typeof contract.MonitorStatus>>(),
  Problem: equal<sdk.Problem, Received<typeof contract.Problem>>(),
  ProblemError: equal<sdk.ProblemError, Received<typeof contract.ProblemError>>(),
  PromptPreview: equal<sdk.PromptPreview, Received<typeof contract.PromptPreview>>(),
  ProviderInfo: equal<sdk.ProviderInfo, Received<typeof contract.ProviderInfo>>(),
  RetryEvalRunRequest: equal<sdk.RetryEvalRunRequest, Sent<typeof contract.RetryEvalRunRequest>>(),
  RunEstimate: equal<sdk.RunEstimate, Received<typeof contract.RunEstimate>>(),
  RunUsage: equal<sdk.RunUsage, Received<typeof contract.RunUsage>>(),
  RunWait: equal<sdk.RunWait, Received<typeof contract.RunWait>>(),
  TokenRange: equal<sdk.TokenRange, Received<typeof contract.TokenRange>>(),
  UsdRange: equal<sdk.UsdRange, Received<typeof contract.UsdRange>>(),
  ScoreDataType: equal<sdk.ScoreDataType, Received<typeof contract.ScoreDataType>>(),
  ScoreDistributionItem: equal<sdk.ScoreDistributionItem, Received<typeof contract.ScoreDistributionItem>>(),
  ScoreGroup: equal<sdk.ScoreGroup, Received<typeof contract.ScoreGroup>>(),
  ScoreGroupBy: equal<sdk.ScoreGroupBy, Received<typeof contract.ScoreGroupBy>>(),
  ScorePreference: equal<sdk.ScorePreference, Received<typeof contract.ScorePreference>>(),
  ScoreSource: equal<sdk.ScoreSource, Received<typeof contract.ScoreSource>>(),
  ScoreStatus: equal<sdk.ScoreStatus, Received<typeof contract.ScoreStatus>>(),
  ScoreSummaryItem: equal<sdk.ScoreSummaryItem, Received<typeof contract.ScoreSummaryItem>>(),
  ScoreTrendItem: equal<sdk.ScoreTrendItem, Received<typeof contract.ScoreTrendItem>>(),
  SessionAnalyticsBucket: equal<
    sdk.SessionAnalyticsBucket,
    Received<typeof contract.SessionAnalyticsBucket>
  >(),
  SessionComparisonItem: equal<sdk.SessionComparisonItem, Received<typeof contract.SessionComparisonItem>>(),
  SessionComparisonPage: equal<sdk.SessionComparisonPage, Received<typeof contract.SessionComparisonPage>>(),
  SessionDeleteResponse: equal<sdk.SessionDeleteResponse, Received<typeof contract.SessionDeleteResponse>>(),
  SessionDetail: equal<sdk.SessionDetail, Received<typeof contract.SessionDetail>>(),
  SessionEvalRunFilters: equal<sdk.SessionEvalRunFilters, Sent<typeof contract.SessionEvalRunFilters>>(),
  SessionPage: equal<sdk.SessionPage, Received<typeof contract.SessionPage>>(),
  SessionScoreHistoryItem: equal<
    sdk.SessionScoreHistoryItem,
    Received<typeof contract.SessionScoreHistoryItem>
  >(),
  SessionScorePage: equal<sdk.SessionScorePage, Received<typeof contract.SessionScorePage>>(),
  SessionScoreResponse: equal<sdk.SessionScoreResponse, Received<typeof contract.SessionScoreResponse>>(),
  SessionSortBy: equal<sdk.SessionSortBy, Received<typeof contract.SessionSortBy>>(),
  SessionSummary: equal<sdk.SessionSummary, Received<typeof contract.SessionSummary>>(),
  SignalWeights: equal<sdk.SignalWeights, Sent<typeof contract.SignalWeights>>(),
  SortOrder: equal<sdk.SortOrder, Received<typeof contract.SortOrder>>(),
  SpanCreate: equal<sdk.SpanCreate, Sent<typeof contract.SpanCreate>>(),
  SpanKind: equal<sdk.SpanKind, Received<typeof contract.SpanKind>>(),
  SpanPage: equal<sdk.SpanPage, Received<typeof contract.SpanPage>>(),
  SpanResponse: equal<sdk.SpanResponse, Received<typeof contract.SpanResponse>>(),
  SpanStatusCode: equal<sdk.SpanStatusCode, Received<typeof contract.SpanStatusCode>>(),
  SpanUpdate: equal<sdk.SpanUpdate, Sent<typeof contract.SpanUpdate>>(),
  SpansAccepted: equal<sdk.SpansAccepted, Received<typeof contract.SpansAccepted>>(),
  TokenCostBucket: equal<sdk.TokenCostBucket, Received<typeof contract.TokenCostBucket>>(),
  TopModel: equal<sdk.TopModel, Received<typeof contract.TopModel>>(),
  TraceAccepted: equal<sdk.TraceAccepted, Received<typeof contract.TraceAccepted>>(),
  TraceCreate: equal<sdk.TraceCreate, Sent<typeof contract.TraceCreate>>(),
  TraceListItem: equal<sdk.TraceListItem, Received<typeof contract.TraceListItem>>(),
  TracePage: equal<sdk.TracePage, Received<typeof contract.TracePage>>(),
  TraceResponse: equal<sdk.TraceResponse, Received<typeof contract.TraceResponse>>(),
  TraceScorePage: equal<sdk.TraceScorePage, Received<typeof contract.TraceScorePage>>(),
  TraceScoreResponse: equal<sdk.TraceScoreResponse, Received<typeof contract.TraceScoreResponse>>(),
  JudgedScore: equal<sdk.JudgedScore, Received<typeof contract.JudgedScore>>(),
  JuryAggregate: equal<sdk.JuryAggregate, Received<typeof contract.JuryAggregate>>(),
  TraceScoreRevision: equal<sdk.TraceScoreRevision, Received<typeof contract.TraceScoreRevision>>(),
  TraceSortBy: equal<sdk.TraceSortBy, Received<typeof contract.TraceSortBy>>(),
  TraceStatus: equal<sdk.TraceStatus, Received<typeof contract.TraceStatus>>(),
  TraceUpdate: equal<sdk.TraceUpdate, Sent<typeof contract.TraceUpdate>>(),
  UpdateMonitorRequest: equal<sdk.UpdateMonitorRequest, Sent<typeof contract.UpdateMonitorRequest>>(),
  UpdateTraceScoreRequest: equal<
    sdk.UpdateTraceScoreRequest,
    Sent<typeof contract.UpdateTraceScoreRequest>
  >(),
  UserPage: equal<sdk.UserPage, Received<typeof contract.UserPage>>(),
  UserSummary: equal<sdk.UserSummary, Received<typeof contract.UserSummary>>(),
};

it("pins the types of every operation equal to the contract's", () => {
  expect(equal<Operations, ContractOperations>()).toBe(true);
});

it("declares each method as its route makes it", () => {
  expect(equal<MadeMethods, RouteLengths>()).toBe(true);
  expect(equal<Fits[keyof Fits], true>()).toBe(true);
  expect(equal<Given, { [O in keyof Answered]: Operations[O]["response"] }>()).toBe(true);
});

it("pins every generated type equal to the contract's", async () => {
  const source = await readFile(new URL("../src/generated/types.ts", import.meta.url), "utf8");
  const names = [...source.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => name);
  expect(Object.keys(pinned).sort()).toEqual(names.sort());
});

it("types the rows of statistics by their metric", () => {
  const period = { started_after: "2026-03-01", started_before: "2026-04-01" };
  const volume = (client: sdk.PandaProbe) => client.getTraceAnalytics(period);
  const costs = (client: sdk.PandaProbe) => client.getTraceAnalytics({ ...period, metric: "cost" });
  const models = (client: sdk.PandaProbe) => client.getTraceAnalytics({ ...period, metric: "models" });
  type Rows<Call extends (client: sdk.PandaProbe) => unknown> = Awaited<ReturnType<Call>>;
  expect([
    equal<Rows<typeof volume>, sdk.AnalyticsBucket[]>(),
    equal<Rows<typeof costs>, sdk.TokenCostBucket[]>(),
    equal<Rows<typeof models>, sdk.TopModel[]>(),
  ]).toEqual([true, true, true]);
});
