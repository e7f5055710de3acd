/*
 * The rules that every implementation of the API shares: the server, and the SDK's mock server. They are pure: no
 * database, no Node.js. Not part of the contract's public API.
 */
export { parseDateTime, splitDateTime } from "../common/dates.ts";
export { exactIntegers } from "../common/exact-integers.ts";
export { keptMetadata, keptSpans, keptTrace, sentWarnings } from "../common/kept.ts";
export { droppedTags, droppedTagsWarning, mergedMetadata, unitedTags } from "../common/merge-trace.ts";
export { parseProjectName, projectNameRule } from "../common/project-name.ts";
export { requestRefusal, tooManyTags, unknownTargets } from "../common/refusal.ts";
export { defaultKeyScopes } from "../common/scopes.ts";
export { inSpanOrder, type OrderedSpan } from "../common/span-order.ts";
export { tokenCounts, totalCost } from "../common/span-totals.ts";
export { cutFreeText, cutText, shortened } from "../common/text.ts";
export { authorize, checkKeyAccess, invalidCredentials, missingCredentials, unknownKey } from "./access.ts";
export { checkCadence, isCadence, nextTick, type Schedule } from "./cadence/cadence.ts";
export { cadenceGapSeconds } from "./cadence/cadence-gap.ts";
export {
  checkComparedRun,
  type Pairing,
  pairingOf,
  shownCaseChars,
  shownReasonChars,
  unknownScoreName,
} from "./comparisons.ts";
export { anyPosition, type CursorPosition, type CursorScope, readCursor, writeCursor } from "./cursors.ts";
export { parseExactContent } from "./exact-content.ts";
export { ModelError, type ModelErrorCode } from "./judges/model-error.ts";
export {
  checkHeuristicModel,
  findProvider,
  formatModelName,
  heuristicModel,
  type ModelName,
  notConfigured,
  parseModelName,
  unknownPrice,
} from "./judges/model-name.ts";
export {
  describeProvider,
  type ProviderDescription,
  type ProviderKey,
  providerInfo,
  providerKeys,
  providers,
} from "./judges/providers.ts";
export { combineRepeats, type RepeatsReport } from "./juries/combine-repeats.ts";
export { combineVotes, type JuryReport, type MemberJudgement, type Vote } from "./juries/combine-votes.ts";
export {
  changedJudges,
  distinctJudges,
  type JudgedBy,
  type JudgedByRequest,
  judgedBy,
  retriedBy,
} from "./juries/judged-by.ts";
export { isQuorum, type Judgement } from "./juries/judgement.ts";
export {
  type MetricJudges,
  type MetricToJudge,
  metricJudges,
} from "./juries/metric-judges.ts";
export { agreement, flipRate, mean, sampleDeviation } from "./juries/statistics.ts";
export { type Masking, maskContent, pathProblem } from "./masking/mask-content.ts";
export {
  builtInNames,
  defaultThresholdOf,
  describeMetric,
  isComputedMetric,
  listMetrics,
  type MetricDescription,
  metricKindOf,
  sessionMetricNames,
  type TraceMetricName,
  traceMetricNames,
  unknownMetric,
} from "./metrics/catalogue.ts";
export { JudgeError, type JudgeErrorCode } from "./metrics/judge-error.ts";
export { type TriedMetric, triedMetric } from "./metrics/metric-trial.ts";
export {
  asksQuestions,
  builtInMetricItems,
  builtInMetricResponse,
  checkMetricCount,
  checkNewMetricName,
  describeOwnMetric,
  isSameDefinition,
  judgeOf,
  noOwnMetric,
  type OwnMetric,
  ownMetricItem,
  ownMetricResponse,
  resolveMetric,
  type StoredOwnMetric,
  targetTypeOf,
} from "./metrics/own-metrics.ts";
export {
  clamp01,
  failedMetadata,
  type MetricResult,
  round4,
  type ScoreContext,
  type ScoreResult,
  scoreResult,
} from "./metrics/score.ts";
export { changedMetadata, changedValue, hasPassed, isApplicable } from "./metrics/score-changes.ts";
export { agentConsistency } from "./metrics/session/agent-consistency.ts";
export { agentReliability } from "./metrics/session/agent-reliability.ts";
export { findSessionMetric } from "./metrics/session/registry.ts";
export { aggregateMetric, type SessionMetric } from "./metrics/session/session-metric.ts";
export { failedSignals } from "./metrics/session/signal-report.ts";
export {
  DEFAULT_SIGNAL_WEIGHTS,
  type FailedSignal,
  SIGNALS,
  type Signal,
  type SignalWeights,
  signalWeights,
  type TraceSignals,
} from "./metrics/session/signals.ts";
export { type OtlpReceipt, otlpAnswer, otlpCode, otlpStatus } from "./otlp/answers.ts";
export { changeTrace, type SummarizedTrace } from "./otlp/change-trace.ts";
export type { OtelEvaluation } from "./otlp/read-evaluation.ts";
export { readLogs } from "./otlp/read-logs.ts";
export type { OtelMessage } from "./otlp/read-message.ts";
export { readTraces, type SpansByTrace } from "./otlp/read-traces.ts";
export { Rejections } from "./otlp/rejections.ts";
export { distinctSpans, storedSpans } from "./otlp/stored-spans.ts";
export { otlpJson } from "./otlp/values.ts";
export { listPrices, type Price, type PriceList } from "./prices/list-prices.ts";
export { computedCost, isUnpriced, shownCost, withoutComputedCost } from "./prices/span-cost.ts";
export { type ConfiguredPrices, type SpanPrices, spanPrices } from "./prices/span-prices.ts";
export {
  invalidField,
  noSuchProject,
  notFound,
  ProblemError,
  type ProblemOptions,
  problemBody,
  problemContentType,
  problemDetail,
  refusalProblem,
  schemaProblem,
  tooManyMonitorsText,
} from "./problem.ts";
export {
  checkIdempotencyKey,
  idempotencyKeyReused,
  jsonContentType,
  type MethodAndPath,
  malformedJson,
  metadataTooLarge,
  patchedMetadata,
  safeRequestId,
  sentChanges,
  unknownRoute,
  unsupportedMediaType,
} from "./requests.ts";
export {
  type CheckedScore,
  checkedScores,
  reviewedMetric,
  reviewVerdicts,
} from "./reviews/review-metrics.ts";
export {
  checkQueueCount,
  checkReviewedRun,
  checkReviewerCount,
  claimLost,
  labelMetadata,
  nothingToClaim,
  nothingToReview,
  notSkippable,
} from "./reviews/review-queues.ts";
export {
  changedSettings,
  type RunSettings,
  type Selection,
  selectionOf,
  settingsOf,
  shownSettings,
} from "./run-settings.ts";
export {
  cancelledMessage,
  checkRetryable,
  deletedEvent,
  eventStreamStart,
  isOpen,
  nothingMatches,
  nothingToRetry,
  openStatuses,
  preferredWait,
  retryName,
  runEvent,
  runState,
  sessionTargets,
  type TargetNames,
  type TargetType,
  traceTargets,
} from "./runs.ts";
export { type JudgedRun, whoJudged } from "./score-judgement.ts";
export type { JudgedCluster } from "./statistics/agreement.ts";
export {
  type ComparedScores,
  type ComparisonOfScores,
  type ComparisonOptions,
  comparisonOfScores,
  type RegressedIds,
  type RegressionIds,
  type SideScore,
} from "./statistics/compared-scores.ts";
export { withVerdicts } from "./statistics/comparison-verdicts.ts";
export {
  type AgreementOfLabels,
  type AgreementOptions,
  agreementOfLabels,
  type DisagreementIds,
  type JudgeVerdict,
  type Label,
  type LabelledScores,
} from "./statistics/labels.ts";
export { SeededRandom } from "./statistics/random.ts";
export { unknownParametersWarning, unknownSpanFields, unknownTraceFields } from "./unknown-names.ts";
