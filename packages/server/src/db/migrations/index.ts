import type { Migration } from "kysely/migration";
import * as tracesRunsScores from "./0001-traces-runs-scores.ts";
import * as sessionScores from "./0002-session-scores.ts";
import * as runEmbeddings from "./0003-run-embeddings.ts";
import * as scoreRollups from "./0004-score-rollups.ts";
import * as monitors from "./0005-monitors.ts";
import * as spanTokenKinds from "./0006-span-token-kinds.ts";
import * as scoreRevisions from "./0007-score-revisions.ts";
import * as judgeLedger from "./0008-judge-ledger.ts";
import * as runBudgets from "./0009-run-budgets.ts";
import * as judgeModels from "./0010-judge-models.ts";
import * as fairFeeding from "./0011-fair-feeding.ts";
import * as judgeClaims from "./0012-judge-claims.ts";
import * as spanSizes from "./0013-span-sizes.ts";
import * as keyScopes from "./0014-key-scopes.ts";
import * as projectUsage from "./0015-project-usage.ts";
import * as judgeQuestions from "./0016-judge-questions.ts";
import * as applicableScores from "./0017-applicable-scores.ts";
import * as judgedContent from "./0018-judged-content.ts";
import * as selectedScores from "./0020-selected-scores.ts";
import * as ownMetrics from "./0022-own-metrics.ts";
import * as juries from "./0024-juries.ts";
import * as spanOrder from "./0025-span-order.ts";
import * as sessionScoreRevisions from "./0026-session-score-revisions.ts";
import * as spanScores from "./0027-span-scores.ts";
import * as metricTrials from "./0028-metric-trials.ts";
import * as metricModels from "./0029-metric-models.ts";
import * as tracesBeingWritten from "./0032-traces-being-written.ts";
import * as otelEvents from "./0033-otel-events.ts";
import * as reviewQueues from "./0034-review-queues.ts";
import * as otelMessages from "./0036-otel-messages.ts";
import * as computedCosts from "./0038-computed-costs.ts";

/** In the order of their names. Append only: a released migration never changes. */
export const migrations: Record<string, Migration> = {
  "0001-traces-runs-scores": tracesRunsScores,
  "0002-session-scores": sessionScores,
  "0003-run-embeddings": runEmbeddings,
  "0004-score-rollups": scoreRollups,
  "0005-monitors": monitors,
  "0006-span-token-kinds": spanTokenKinds,
  "0007-score-revisions": scoreRevisions,
  "0008-judge-ledger": judgeLedger,
  "0009-run-budgets": runBudgets,
  "0010-judge-models": judgeModels,
  "0011-fair-feeding": fairFeeding,
  "0012-judge-claims": judgeClaims,
  "0013-span-sizes": spanSizes,
  "0014-key-scopes": keyScopes,
  "0015-project-usage": projectUsage,
  "0016-judge-questions": judgeQuestions,
  "0017-applicable-scores": applicableScores,
  "0018-judged-content": judgedContent,
  "0020-selected-scores": selectedScores,
  "0022-own-metrics": ownMetrics,
  "0024-juries": juries,
  "0025-span-order": spanOrder,
  "0026-session-score-revisions": sessionScoreRevisions,
  "0027-span-scores": spanScores,
  "0028-metric-trials": metricTrials,
  "0029-metric-models": metricModels,
  "0032-traces-being-written": tracesBeingWritten,
  "0033-otel-events": otelEvents,
  "0034-review-queues": reviewQueues,
  "0036-otel-messages": otelMessages,
  "0038-computed-costs": computedCosts,
};
