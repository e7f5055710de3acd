import type { contract } from "@pandaprobe/contract";
import { formatModelName, heuristicModel, providerInfo, providerKeys } from "@pandaprobe/contract/rules";
import { isConfigured } from "../judges.ts";
import type { Handlers } from "../operation-handler.ts";
import { mostMonitors } from "./monitors.ts";

/** The response of a server without any configuration. */
export const settings: Handlers<typeof contract.settings> = {
  getSettings: ({ world }) => ({
    version: "test",
    judge: {
      model: formatModelName(heuristicModel),
      embedding_model: formatModelName(heuristicModel),
      allowed_models: null,
      concurrent_calls: 16,
      call_timeout_seconds: 60,
      question_timeout_seconds: 180,
      max_attempts: 4,
      patience_seconds: 900,
    },
    providers: providerKeys.map((key) => providerInfo(key, isConfigured(world, key))),
    model_limits: [],
    prices: [],
    requests: {
      runs_per_minute: 50,
      triggers_per_minute: 10,
      requests_per_minute: 300_000,
      body_bytes: 10_485_760,
      body_values: 200_000,
    },
    projects: {
      traces: null,
      bytes: null,
      monitors: mostMonitors,
      runs_per_day: null,
      usd_per_day: null,
      monitor_gap_seconds: 300,
      monitor_runs_per_minute: 20,
    },
    retention: { judge_answers_days: 90, audit_log_days: 365 },
    masking_rules: [],
  }),
};
