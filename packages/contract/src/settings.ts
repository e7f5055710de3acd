import { z } from "zod";
import type { RouteMetadata } from "./common/metadata.ts";
import { c } from "./common/router.ts";
import { ProviderInfo } from "./metrics.ts";

const noLimit = "`null`: no limit.";

export const JudgeDefaults = z
  .object({
    model: z.string().describe("The judge of runs that do not name one."),
    embedding_model: z
      .string()
      .nullable()
      .describe(
        "The embedding model that is used with that judge. `null`: metrics that embed texts are refused.",
      ),
    allowed_models: z
      .array(z.string())
      .nullable()
      .describe("The models that may judge; a trailing `*` matches anything. `null`: all."),
    concurrent_calls: z.int().describe("How many calls one process makes to each model at once."),
    call_timeout_seconds: z.number(),
    question_timeout_seconds: z.number().describe("For one question, with all its attempts."),
    max_attempts: z.int().describe("How often a question is attempted."),
    patience_seconds: z.number().describe("How long a run waits for a model that is down."),
  })
  .meta({ id: "JudgeDefaults" });
export type JudgeDefaults = z.infer<typeof JudgeDefaults>;

export const ModelLimit = z
  .object({
    model: z.string().describe("`provider/model`, or a provider for all its models together."),
    concurrency: z.int().nullable().describe(`Calls at once. ${noLimit}`),
    requests_per_minute: z.int().nullable().describe(noLimit),
    tokens_per_minute: z.int().nullable().describe(noLimit),
  })
  .meta({ id: "ModelLimit", description: "The limits of a model, for all processes together." });
export type ModelLimit = z.infer<typeof ModelLimit>;

export const ModelPrice = z
  .object({
    model: z.string(),
    input_usd_per_mtok: z.number().describe("USD per million tokens."),
    output_usd_per_mtok: z.number().describe("USD per million tokens."),
    is_configured: z
      .boolean()
      .describe("`true`: from `JUDGE_PRICES`. `false`: a list price that the server knows."),
  })
  .meta({ id: "ModelPrice" });
export type ModelPrice = z.infer<typeof ModelPrice>;

export const RequestLimits = z
  .object({
    runs_per_minute: z.int().describe("Runs that a key may create, on each route that creates runs."),
    triggers_per_minute: z.int().describe("How often a key may trigger monitors."),
    requests_per_minute: z.int().nullable().describe(`A key's other requests. ${noLimit}`),
    body_bytes: z.int().describe("The largest request body."),
    body_values: z.int().describe("The most JSON values in a request body."),
  })
  .meta({ id: "RequestLimits" });
export type RequestLimits = z.infer<typeof RequestLimits>;

export const ProjectDefaults = z
  .object({
    traces: z.int().nullable().describe(noLimit),
    bytes: z.int().nullable().describe(noLimit),
    monitors: z.int().nullable().describe(noLimit),
    runs_per_day: z.int().nullable().describe(noLimit),
    usd_per_day: z.number().nullable().describe(noLimit),
    monitor_gap_seconds: z.number().describe("The shortest time between two ticks of a monitor."),
    monitor_runs_per_minute: z
      .int()
      .nullable()
      .describe(`Runs that all monitors of a project may start. ${noLimit}`),
  })
  .meta({
    id: "ProjectDefaults",
    description:
      "The quotas of a project without quotas of its own. `GET /projects/{name}/usage` shows those of one.",
  });
export type ProjectDefaults = z.infer<typeof ProjectDefaults>;

export const Retention = z
  .object({
    judge_answers_days: z.int().describe("Judges' answers, for reuse. Scores are kept regardless."),
    audit_log_days: z.int(),
  })
  .meta({ id: "Retention", description: "After how many days the server deletes data by itself." });
export type Retention = z.infer<typeof Retention>;

export const ServerSettings = z
  .object({
    version: z.string(),
    judge: JudgeDefaults,
    providers: z.array(ProviderInfo),
    model_limits: z.array(ModelLimit),
    prices: z
      .array(ModelPrice)
      .describe("A budget or a daily limit needs the price of each model that it covers."),
    requests: RequestLimits,
    projects: ProjectDefaults,
    retention: Retention,
    masking_rules: z
      .array(z.string())
      .describe("The names of the rules that hide parts of traces and scores before they are stored."),
  })
  .meta({ id: "ServerSettings" });
export type ServerSettings = z.infer<typeof ServerSettings>;

export const settings = c.router({
  getSettings: {
    method: "GET",
    path: "/settings",
    summary: "Get the server's settings",
    description:
      "What the operator has configured, without keys, addresses and other secrets. Only environment variables change it, not requests.",
    metadata: {
      tag: "Administration",
      scope: "admin",
      project: "none",
      errors: [],
    } as const satisfies RouteMetadata,
    responses: { 200: ServerSettings },
  },
});
