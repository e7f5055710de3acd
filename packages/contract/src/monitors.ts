import { z } from "zod";
import { timestamp } from "./common/dates.ts";
import { MonitorStatus } from "./common/enums.ts";
import type { ErrorCode } from "./common/error-codes.ts";
import { uuid } from "./common/ids.ts";
import { jsonObject } from "./common/json.ts";
import {
  idempotencyKeyHeader,
  idempotencyReplayedHeader,
  type RouteMetadata,
  rateLimitHeaders,
  retryAfterHeader,
} from "./common/metadata.ts";
import { page, paging } from "./common/paging.ts";
import { c } from "./common/router.ts";
import { EvalRunPage, EvalRunResponse, fraction, samplingRate } from "./eval-runs.ts";
import { JuryAggregate, withJudging } from "./judging.ts";
import { fields } from "./monitor-fields.ts";
import { judgeErrors } from "./run-routes.ts";

const targetType = z.enum(["TRACE", "SESSION"]);

export const CreateMonitorRequest = withJudging(
  z.object({
    ...fields,
    target_type: targetType.describe("What it evaluates: traces, or whole sessions."),
    filters: fields.filters.optional(),
    sampling_rate: samplingRate,
    timezone: fields.timezone.default("UTC"),
    only_if_changed: fields.only_if_changed.default(true),
  }),
).meta({
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
      .describe("Replaces all filters except `signal_weights`. `{}` clears them."),
    sampling_rate: fraction.nullish(),
    model: fields.model,
    repeats: fields.repeats,
    judges: fields.judges,
    aggregate: fields.aggregate,
    max_cost_usd: fields.max_cost_usd,
    cadence: fields.cadence.nullish(),
    timezone: fields.timezone.nullish(),
    only_if_changed: fields.only_if_changed.nullish(),
    signal_weights: fields.signal_weights,
  })
  .meta({
    id: "UpdateMonitorRequest",
    description:
      "Fields that are left out keep their value. `null` clears `model`, `repeats`, `judges`, `aggregate`, `max_cost_usd` and `signal_weights`, and `judges: null` clears `aggregate` too; for other fields it counts as left out.",
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
    filters: jsonObject.describe("As given, including signal weights."),
    sampling_rate: z.number(),
    model: z.string().nullable().describe("As given. `null`: the server's default, or a jury."),
    repeats: z.int().describe("How often its runs judge each question."),
    judges: z.array(z.string()).nullable().describe("The jury of its runs, as given. `null`: one judge."),
    aggregate: JuryAggregate.nullable().describe("How the jury's votes are combined. `null` without a jury."),
    max_cost_usd: z
      .number()
      .nullable()
      .describe("The most each of its runs may cost, in USD. `null`: no limit."),
    cadence: z.string(),
    timezone: z.string(),
    only_if_changed: z.boolean(),
    status: z.string().describe("`ACTIVE` or `PAUSED`."),
    last_run_at: timestamp.nullable().describe("When it last created a run, by a tick or a trigger."),
    last_run_id: uuid.nullable().describe("That run. `null` once it is deleted."),
    next_run_at: timestamp.nullable().describe("When it fires next. `null` while it is paused."),
    stretched_to_seconds: z
      .int()
      .nullable()
      .describe(
        "The shortest time between two ticks that the server allows, if the cadence asks for a shorter one. `null`: it fires as its cadence says.",
      ),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: "MonitorResponse", description: "A recurring evaluation." });
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
/** Errors of the evaluation that a monitor describes. */
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
      "Creates a run of the matching targets at every tick of the cadence. The first tick comes after one period, or at the first time that the cron pattern matches.",
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
    description: "Its settings, last run and next tick.",
    metadata: reaches,
    pathParams: monitorId,
    responses: { 200: MonitorResponse },
  },
  updateMonitor: {
    method: "PATCH",
    path: "/evaluations/monitors/:monitor_id",
    summary: "Change a monitor",
    description:
      "Changes the given fields, with the same checks as on creation. A new cadence or time zone reschedules the next tick. A paused monitor stays paused.",
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
    description: "Its runs are kept, with `monitor_id: null`.",
    metadata: { ...reaches, scope: "evaluate", audit: "monitor.deleted" },
    pathParams: monitorId,
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
  pauseMonitor: {
    method: "POST",
    path: "/evaluations/monitors/:monitor_id/pause",
    summary: "Pause a monitor",
    description: "It does not fire until it is resumed. Pausing a paused monitor changes nothing.",
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
      "It fires again at the next tick of its cadence. Missed ticks are not made up. Resuming an active monitor changes nothing.",
    metadata: { ...posts, audit: "monitor.resumed" },
    pathParams: monitorId,
    body: c.noBody(),
    responses: { 200: MonitorResponse },
  },
  triggerMonitor: {
    method: "POST",
    path: "/evaluations/monitors/:monitor_id/trigger",
    summary: "Run a monitor now",
    description:
      "Creates its run now, even if it is paused or nothing has changed. Its next tick stays the same.",
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
