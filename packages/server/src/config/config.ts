import { availableParallelism } from "node:os";
import type { PriceList } from "@pandaprobe/contract/rules";
import { defaultDataDir } from "../db/embedded/index.ts";
import type { MaskingRules } from "../masking/masking-rules.ts";
import { defaultJudgeSettings, type JudgeSettings } from "./judge-settings.ts";
import type { MonitorLimits, Quotas } from "./project-limits.ts";
import { providerSettings } from "./provider-variables.ts";
import { ConfigError, type Environment, readVariables } from "./variables.ts";

/** The server's configuration. `null` means that a variable without a default is not set. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** `null`: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  readonly databasePoolSize: number;
  /** Where the embedded PostgreSQL keeps its data. */
  readonly dataDir: string;
  readonly apiKey: string | null;
  readonly logLevel: string;
  /** Requests of an API key in a rolling minute; 0 in `requests` is no limit. */
  readonly rateLimits: { readonly runs: number; readonly triggers: number; readonly requests: number };
  readonly corsOrigins: readonly string[];
  readonly bodyLimitBytes: number;
  readonly bodyLimitValues: number;
  readonly statementTimeoutMs: number;
  readonly authFailuresPerMinute: number;
  readonly trustedProxies: readonly string[];
  /** `null`: the API's port. */
  readonly metricsPort: number | "off" | null;
  /** `null`: the API's port. */
  readonly docsPort: number | "off" | null;
  readonly requestsPerKey: number;
  readonly bodyBytesPerKey: number;
  readonly requestTimeoutMs: number;
  readonly shutdownTimeoutMs: number;
  readonly worker: {
    readonly heartbeatMs: number;
    readonly deadAfterMs: number;
    readonly monitorCheckMs: number;
  };
  /** The threads for CPU work, and its limit for one trace (see `compute`). */
  readonly compute: { readonly count: number; readonly cpuLimitMs: number };
  /** The masking rules for traces and scores before they are stored. */
  readonly maskingRules: MaskingRules;
  readonly judge: JudgeSettings;
  /** Prices of models by the names that senders of spans write. */
  readonly spanPrices: PriceList;
  readonly judgeAnswersKeptDays: number;
  readonly auditLogKeptDays: number;
  readonly quotas: Quotas;
  readonly monitorLimits: MonitorLimits;
}

/**
 * Reads the configuration. An empty variable counts as not set.
 *
 * @throws ConfigError that names every variable with an invalid value.
 */
export function readConfig(environment: Environment): Config {
  const env = readVariables(environment);
  if (env.WORKER_DEAD_AFTER_SECONDS < 2 * env.WORKER_HEARTBEAT_SECONDS) {
    throw new ConfigError("WORKER_DEAD_AFTER_SECONDS must be at least twice WORKER_HEARTBEAT_SECONDS.");
  }
  return {
    host: env.HOST,
    port: env.PORT,
    databaseUrl: env.DATABASE_URL,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    dataDir: env.PANDAPROBE_DATA_DIR ?? defaultDataDir(environment),
    apiKey: env.PANDAPROBE_API_KEY,
    logLevel: env.LOG_LEVEL,
    rateLimits: {
      runs: env.RATE_LIMIT_RUNS_PER_MINUTE,
      triggers: env.RATE_LIMIT_TRIGGERS_PER_MINUTE,
      requests: env.RATE_LIMIT_REQUESTS_PER_MINUTE,
    },
    corsOrigins: env.CORS_ORIGINS ?? [],
    bodyLimitBytes: env.BODY_LIMIT_BYTES,
    bodyLimitValues: env.BODY_LIMIT_VALUES,
    statementTimeoutMs: env.STATEMENT_TIMEOUT_SECONDS,
    authFailuresPerMinute: env.AUTH_FAILURES_PER_MINUTE,
    trustedProxies: env.TRUSTED_PROXIES ?? [],
    metricsPort: env.METRICS_PORT,
    docsPort: env.DOCS === "on" ? env.DOCS_PORT : "off",
    requestsPerKey: env.CONCURRENT_REQUESTS_PER_KEY,
    bodyBytesPerKey: env.BODY_BYTES_PER_KEY,
    requestTimeoutMs: env.REQUEST_TIMEOUT_SECONDS,
    shutdownTimeoutMs: env.SHUTDOWN_TIMEOUT_SECONDS,
    worker: {
      heartbeatMs: env.WORKER_HEARTBEAT_SECONDS,
      deadAfterMs: env.WORKER_DEAD_AFTER_SECONDS,
      monitorCheckMs: env.MONITOR_CHECK_SECONDS,
    },
    compute: { count: env.EVAL_THREADS ?? defaultThreads(), cpuLimitMs: env.EVAL_CPU_SECONDS },
    judgeAnswersKeptDays: env.JUDGE_ANSWERS_KEPT_DAYS,
    auditLogKeptDays: env.AUDIT_LOG_KEPT_DAYS,
    quotas: {
      traces: env.QUOTA_TRACES,
      bytes: env.QUOTA_BYTES,
      runsPerDay: env.QUOTA_RUNS_PER_DAY,
      monitors: env.QUOTA_MONITORS,
      usdPerDay: env.QUOTA_USD_PER_DAY,
      byProject: env.PROJECT_QUOTAS ?? {},
    },
    monitorLimits: {
      shortestGapMs: env.MONITOR_SHORTEST_GAP_SECONDS,
      runsPerMinute: env.MONITOR_RUNS_PER_MINUTE,
      quietMs: env.MONITOR_QUIET_SECONDS,
    },
    maskingRules: env.MASKING_RULES ?? {},
    spanPrices: env.SPAN_PRICES ?? {},
    judge: {
      ...defaultJudgeSettings,
      llmModel: env.EVAL_LLM_MODEL,
      models: env.JUDGE_MODELS,
      embeddingModel: env.EVAL_EMBEDDING_MODEL,
      concurrency: env.EVAL_CONCURRENCY,
      callTimeoutMs: env.EVAL_CALL_TIMEOUT_SECONDS,
      questionTimeoutMs: env.EVAL_QUESTION_TIMEOUT_SECONDS,
      maxAttempts: env.EVAL_MAX_ATTEMPTS,
      maxOutageMs: env.EVAL_PROVIDER_PATIENCE_SECONDS,
      limits: env.JUDGE_LIMITS ?? {},
      maxOutputTokens: env.EVAL_MAX_OUTPUT_TOKENS,
      maxTraceChars: env.EVAL_MAX_TRACE_CHARS,
      prices: env.JUDGE_PRICES ?? {},
      ...providerSettings(env),
    },
  };
}

function defaultThreads(): number {
  // One project may use all except one, so on its own it still has a thread for each processor.
  return Math.min(8, availableParallelism() + 1);
}
