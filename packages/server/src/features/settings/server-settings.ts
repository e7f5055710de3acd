import type { ServerSettings } from "@pandaprobe/contract";
import { ModelError } from "@pandaprobe/contract/rules";
import type { Config } from "../../config/config.ts";
import type { Judges } from "../../judge/judges.ts";

/** The configuration for `GET /settings`, without keys, passwords and addresses. */
export function serverSettings(config: Config, judges: Judges, version: string): ServerSettings {
  const { judge, rateLimits, quotas, monitorLimits } = config;
  return {
    version,
    judge: {
      model: judges.resolve(null, {}).model,
      embedding_model: embeddingModel(judges),
      allowed_models: judge.models === null ? null : [...judge.models],
      concurrent_calls: judge.concurrency,
      call_timeout_seconds: judge.callTimeoutMs / 1000,
      question_timeout_seconds: judge.questionTimeoutMs / 1000,
      max_attempts: judge.maxAttempts,
      patience_seconds: judge.maxOutageMs / 1000,
    },
    providers: judges.listProviders(),
    model_limits: judges.listLimits(),
    prices: judges.listPrices(),
    requests: {
      runs_per_minute: rateLimits.runs,
      triggers_per_minute: rateLimits.triggers,
      requests_per_minute: limit(rateLimits.requests),
      body_bytes: config.bodyLimitBytes,
      body_values: config.bodyLimitValues,
    },
    projects: {
      traces: limit(quotas.traces),
      bytes: limit(quotas.bytes),
      monitors: limit(quotas.monitors),
      runs_per_day: limit(quotas.runsPerDay),
      usd_per_day: limit(quotas.usdPerDay),
      monitor_gap_seconds: monitorLimits.shortestGapMs / 1000,
      monitor_runs_per_minute: limit(monitorLimits.runsPerMinute),
    },
    retention: {
      judge_answers_days: config.judgeAnswersKeptDays,
      audit_log_days: config.auditLogKeptDays,
    },
    masking_rules: Object.keys(config.maskingRules),
  };
}

/** In variables, 0 is no limit. */
function limit(value: number): number | null {
  return value === 0 ? null : value;
}

/** `null` if no configured provider has embeddings. */
function embeddingModel(judges: Judges): string | null {
  try {
    return judges.resolve(null, { embeddings: true }).embeddingModel;
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}
