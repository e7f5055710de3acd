import { z } from "zod";
import { timestamp } from "./common/dates.ts";
import { MonitorStatus } from "./common/enums.ts";
import type { ErrorCode } from "./common/error-codes.ts";
import { uuid } from "./common/ids.ts";
import { jsonObject, limitedObject } from "./common/json.ts";
import { limits } from "./common/limits.ts";
import {
  idempotencyKeyHeader,
  idempotencyReplayedHeader,
  type RouteMetadata,
  rateLimitHeaders,
  retryAfterHeader,
} from "./common/metadata.ts";
import { page, paging } from "./common/paging.ts";
import { c } from "./common/router.ts";
import { text } from "./common/text.ts";
import { isTimeZone } from "./common/time-zone.ts";
import {
  EvalRunPage,
  EvalRunResponse,
  maxCostUsd,
  metricNames,
  modelName,
  samplingRate,
} from "./eval-runs.ts";
import { judgeErrors } from "./run-routes.ts";
import { SignalWeights } from "./signal-weights.ts";

const fields = {
  name: text(0, limits.label).describe("A label for people. Its runs are called `[Monitor] <name>`."),
  metrics: metricNames.describe("Metric names of the target type; repeated names count once."),
  filters: limitedObject.describe(
    "What a run of the target type may be filtered by: `EvalRunFilters` for TRACE, `SessionEvalRunFilters` for SESSION.",
  ),
  model: modelName
    .nullish()
    .describe("The judge as `provider/model`. `null`: the server's default at the time of each run."),
  max_cost_usd: maxCostUsd.describe(
    "The most that each of its runs may cost, in USD; `null` or left out: no limit.",
  ),
  cadence: text(0, limits.label).describe(
    "`every_6h`, `daily` or `weekly`, counted from the monitor's creation; or `cron:` and five fields: minute, hour, day of month, month, weekday (`cron:30 6 * * MON-FRI`).",
  ),
  timezone: text(0, limits.label)
    .refine(isTimeZone, { error: "must be the name of an IANA time zone, such as Europe/Berlin or UTC" })
    .describe(
      "The IANA time zone of a `cron:` cadence. A local time that a spring change skips fires at the first instant after the gap; one that an autumn change repeats fires once, the first time.",
    ),
  only_if_changed: z
    .boolean()
    .describe("Whether a tick is skipped where no matching trace was stored or changed since the last run."),
  signal_weights: SignalWeights.nullish().describe(
    "How much the risk of each signal weighs; with target type SESSION only. Kept in `filters.signal_weights`.",
  ),
};

const targetType = z.enum(["TRACE", "SESSION"]);

export const CreateMonitorRequest = z
  .object({
    ...fields,
    target_type: targetType.describe("What it evaluates: traces, or whole sessions."),
    filters: fields.filters.optional(),
    sampling_rate: samplingRate,
    timezone: fields.timezone.default("UTC"),
    only_if_changed: fields.only_if_changed.default(true),
  })
  .meta({
    id: "CreateMonitorRequest",
    examples: [
      {
        name: "Production, every morning",
        target_type: "TRACE",
        metrics: ["task_completion", "tool_correctness"],
        filters: { tags: ["production"] },
        sampling_rate: 0.2,
        cadence: "cron:30 6 * * MON-FRI",
        timezone: "Europe/Berlin",
        only_if_changed: true,
      },
    ],
  });
export type CreateMonitorRequest = z.infer<typeof CreateMonitorRequest>;

export const UpdateMonitorRequest = z
  .object({
    name: fields.name.nullish(),
    metrics: fields.metrics.nullish(),
    filters: fields.filters
      .nullish()
      .describe("Replaces all of them but `signal_weights`; `{}` clears them."),
    sampling_rate: z.number().min(0).max(1).nullish(),
    model: fields.model,
    max_cost_usd: fields.max_cost_usd,
    cadence: fields.cadence.nullish(),
    timezone: fields.timezone.nullish(),
    only_if_changed: fields.only_if_changed.nullish(),
    signal_weights: fields.signal_weights,
  })
  .meta({
    id: "UpdateMonitorRequest",
    description:
      "What is left out stays. `null` clears `model`, `max_cost_usd` and `signal_weights`, and elsewhere counts as left out.",
    examples: [{ cadence: "weekly", sampling_rate: 0.5 }],
  });
export type UpdateMonitorRequest = z.infer<typeof UpdateMonitorRequest>;

export const MonitorResponse = z
  .object({
    id: uuid,
    project_id: uuid,
    name: z.string(),
    target_type: z.string().describe("`TRACE` or `SESSION`."),
    metric_names: z.array(z.string()),
    filters: jsonObject.describe("As they were given; the signal weights among them."),
    sampling_rate: z.number(),
    model: z.string().nullable().describe("As it was given; `null` for the server's default."),
    max_cost_usd: z
      .number()
      .nullable()
      .describe("The most that each of its runs may cost, in USD; `null`: no limit."),
    cadence: z.string(),
    timezone: z.string(),
    only_if_changed: z.boolean(),
    status: z.string().describe("`ACTIVE` or `PAUSED`."),
    last_run_at: timestamp.nullable().describe("When it last made a run, by a tick or a trigger."),
    last_run_id: uuid.nullable().describe("That run, while it exists."),
    next_run_at: timestamp.nullable().describe("When it fires next; `null` while it is paused."),
    stretched_to_seconds: z
      .int()
      .nullable()
      .describe(
        "Where its cadence names times that are closer together than the server allows: the shortest time between two ticks. `null`: it fires as its cadence says.",
      ),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: "MonitorResponse", description: "An evaluation that runs by itself, again and again." });
export type MonitorResponse = z.infer<typeof MonitorResponse>;

export const MonitorPage = page("MonitorPage", MonitorResponse);
export type MonitorPage = z.infer<typeof MonitorPage>;

const monitorId = z.object({ monitor_id: uuid });

const reads = { tag: "Monitors", scope: "read", errors: [] } as const satisfies RouteMetadata;
const reaches = { ...reads, errors: ["not_found"] } as const satisfies RouteMetadata;
const posts = {
  ...reaches,
  scope: "evaluate",
  requestHeaders: idempotencyKeyHeader,
  responseHeaders: { ...idempotencyReplayedHeader, ...retryAfterHeader },
} as const satisfies RouteMetadata;
/** What the evaluation that a monitor describes may be refused for. */
const refusals = [
  "unknown_metric",
  "invalid_filters",
  "invalid_signal_weights",
  ...judgeErrors,
] as const satisfies readonly ErrorCode[];

export const monitors = c.router({
  createMonitor: {
    method: "POST",
    path: "/evaluations/monitors",
    summary: "Create a monitor",
    description:
      "A run over what matches, at every tick of the cadence. The first tick comes after one period, or at the first time that the cron pattern names.",
    metadata: {
      ...posts,
      quota: "monitors",
      audit: "monitor.created",
      errors: [...refusals, "invalid_cadence"],
    },
    body: CreateMonitorRequest,
    responses: { 201: MonitorResponse },
  },
  listMonitors: {
    method: "GET",
    path: "/evaluations/monitors",
    summary: "List monitors",
    description: "Newest first.",
    metadata: reads,
    query: z.object({ status: MonitorStatus.optional(), ...paging() }),
    responses: { 200: MonitorPage },
  },
  getMonitor: {
    method: "GET",
    path: "/evaluations/monitors/:monitor_id",
    summary: "Get a monitor",
    description: "What it evaluates and when; its last run and its next tick.",
    metadata: reaches,
    pathParams: monitorId,
    responses: { 200: MonitorResponse },
  },
  updateMonitor: {
    method: "PATCH",
    path: "/evaluations/monitors/:monitor_id",
    summary: "Change a monitor",
    description:
      "Changes what is sent, checked as when creating one. Another cadence or time zone sets the next tick anew; a paused monitor stays paused.",
    metadata: {
      ...reaches,
      scope: "evaluate",
      audit: "monitor.changed",
      errors: [...refusals, "invalid_cadence", "not_found"],
    },
    pathParams: monitorId,
    body: UpdateMonitorRequest,
    responses: { 200: MonitorResponse },
  },
  deleteMonitor: {
    method: "DELETE",
    path: "/evaluations/monitors/:monitor_id",
    summary: "Delete a monitor",
    description: "Its runs stay, with `monitor_id: null`.",
    metadata: { ...reaches, scope: "evaluate", audit: "monitor.deleted" },
    pathParams: monitorId,
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
  pauseMonitor: {
    method: "POST",
    path: "/evaluations/monitors/:monitor_id/pause",
    summary: "Pause a monitor",
    description: "No tick until it is resumed. Pausing a paused one changes nothing.",
    metadata: { ...posts, audit: "monitor.paused" },
    pathParams: monitorId,
    body: c.noBody(),
    responses: { 200: MonitorResponse },
  },
  resumeMonitor: {
    method: "POST",
    path: "/evaluations/monitors/:monitor_id/resume",
    summary: "Resume a monitor",
    description:
      "It fires at the next tick of its cadence; what it missed stays missed. Resuming an active one changes nothing.",
    metadata: { ...posts, audit: "monitor.resumed" },
    pathParams: monitorId,
    body: c.noBody(),
    responses: { 200: MonitorResponse },
  },
  triggerMonitor: {
    method: "POST",
    path: "/evaluations/monitors/:monitor_id/trigger",
    summary: "Run a monitor now",
    description: "Makes its run at once, paused or not, changed or not. Its next tick stays where it was.",
    metadata: {
      ...posts,
      quota: "runs",
      rateLimit: "triggers",
      responseHeaders: { ...posts.responseHeaders, ...rateLimitHeaders },
      errors: [...refusals, "not_found", "nothing_matches"],
    },
    pathParams: monitorId,
    body: c.noBody(),
    responses: { 202: EvalRunResponse },
  },
  listMonitorRuns: {
    method: "GET",
    path: "/evaluations/monitors/:monitor_id/runs",
    summary: "List the runs of a monitor",
    description: "Newest first.",
    metadata: reaches,
    pathParams: monitorId,
    query: z.object(paging()),
    responses: { 200: EvalRunPage },
  },
});
