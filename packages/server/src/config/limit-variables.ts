import { z } from "zod";
import { projectQuotas } from "./json-variables.ts";
import { noQuotas } from "./project-limits.ts";
import { integer, seconds, type Variables, variable } from "./variable.ts";

/** Rate limits of API keys, quotas of projects, and how long data is kept. */
export const limitVariables = {
  RATE_LIMIT_RUNS_PER_MINUTE: variable(
    integer(1, 1_000_000),
    "How many runs an API key may create in a rolling minute, on each route that creates runs.",
    50,
  ),
  RATE_LIMIT_TRIGGERS_PER_MINUTE: variable(
    integer(1, 1_000_000),
    "How often an API key may trigger monitors in a rolling minute.",
    10,
  ),
  RATE_LIMIT_REQUESTS_PER_MINUTE: variable(
    integer(0, 100_000_000),
    "How many requests an API key may make in a rolling minute to all other routes together; 0 disables the limit.",
    300_000,
  ),
  QUOTA_TRACES: variable(
    integer(0, Number.MAX_SAFE_INTEGER),
    "How many traces a project may hold; 0 for no limit.",
    noQuotas.traces,
  ),
  QUOTA_BYTES: variable(
    integer(0, Number.MAX_SAFE_INTEGER),
    "How many bytes of inputs, outputs and metadata a project's traces and spans may have in total; 0 for no limit.",
    noQuotas.bytes,
  ),
  QUOTA_RUNS_PER_DAY: variable(
    integer(0, 1_000_000_000),
    "How many runs a project may create in a day (UTC), including those of its monitors; 0 for no limit.",
    noQuotas.runsPerDay,
  ),
  QUOTA_MONITORS: variable(
    integer(0, 1_000_000),
    "How many monitors a project may have; 0 for no limit.",
    100,
  ),
  QUOTA_USD_PER_DAY: variable(
    z
      .string()
      .regex(/^\d{1,9}(\.\d{1,6})?$/, "must be an amount of USD such as 25 or 0.5")
      .transform(Number),
    "How much a project may spend on judge calls in a day (UTC), in USD. With a limit, models without a price are refused. 0 for no limit.",
    noQuotas.usdPerDay,
  ),
  PROJECT_QUOTAS: variable(
    projectQuotas,
    'Quotas of single projects by id, which override those above: JSON such as {"<project id>": {"traces": 100000, "bytes": 0, "runs_per_day": 500, "monitors": 10, "usd_per_day": 25}}, or the path of a file with it.',
    null,
  ),
  MONITOR_SHORTEST_GAP_SECONDS: variable(
    seconds(60, 21_600),
    "The shortest time between two ticks of a monitor.",
    300_000,
  ),
  MONITOR_RUNS_PER_MINUTE: variable(
    integer(0, 1_000_000),
    "How many runs all monitors of a project may start in a rolling minute; further ticks wait. 0 for no limit.",
    20,
  ),
  MONITOR_QUIET_SECONDS: variable(
    seconds(0, 86_400),
    "How long a trace whose root has not ended must not change before monitors judge it.",
    30_000,
  ),
  JUDGE_ANSWERS_KEPT_DAYS: variable(
    integer(0, 36_500),
    "How long judges' answers are kept for reuse. Scores are kept regardless.",
    90,
  ),
  AUDIT_LOG_KEPT_DAYS: variable(
    integer(1, 36_500),
    "How long the audit log is kept: changes of keys, settings and monitors, and deletions.",
    365,
  ),
} as const satisfies Variables;
