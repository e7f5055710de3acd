import { z } from "zod";
import { timestamp } from "./common/dates.ts";
import { limits } from "./common/limits.ts";
import { type RouteMetadata, rateLimitHeaders, retryAfterHeader } from "./common/metadata.ts";
import { page, paging } from "./common/paging.ts";
import { c } from "./common/router.ts";
import { text } from "./common/text.ts";
import { MetricDefinition } from "./metric-definitions.ts";
import { MetricTrial, TryMetricRequest } from "./metric-trials.ts";
import { judgeErrors } from "./run-routes.ts";

const version = z.int().describe("Counts the changes of the definition, from 1.");

const fields = {
  name: z.string().describe("The name to use in `metrics`."),
  description: z.string(),
  category: z.string().describe("`trace` or `session`: in which runs it works."),
  default_threshold: z
    .number()
    .describe("A score at or above it is a success, unless the run sets another threshold."),
  built_in: z.boolean().describe("Whether it comes with the server. If not, it is the project's own."),
  kind: z.string().nullable().describe("The kind of its definition. `null` for a built-in metric."),
  model: z
    .string()
    .nullable()
    .describe("The judge that its definition names, as `provider/model`. `null`: that of the run."),
  version: version.nullable().describe("Its latest version. `null` for a built-in metric."),
  updated_at: timestamp
    .nullable()
    .describe("When its latest version was created. `null` for a built-in metric."),
};

export const MetricListItem = z.object(fields).meta({ id: "MetricListItem" });
export type MetricListItem = z.infer<typeof MetricListItem>;

export const MetricResponse = z
  .object({
    ...fields,
    definition: MetricDefinition.nullable().describe("`null` for a built-in metric."),
    created_at: timestamp.nullable().describe("`null` for a built-in metric."),
  })
  .meta({ id: "MetricResponse" });
export type MetricResponse = z.infer<typeof MetricResponse>;

export const MetricVersion = z
  .object({ version, definition: MetricDefinition, created_at: timestamp })
  .meta({ id: "MetricVersion", description: "A version of a metric of your own." });
export type MetricVersion = z.infer<typeof MetricVersion>;

export const MetricVersionPage = page("MetricVersionPage", MetricVersion);
export type MetricVersionPage = z.infer<typeof MetricVersionPage>;

const anyName = text(1, limits.label);
const ofMetric = z.object({ name: anyName });
const wellFormedName = anyName.refine((value) => /^[a-z][a-z0-9_-]{0,63}$/.test(value), {
  error: "must be 1 to 64 lower-case letters, digits, _ and -, beginning with a letter",
});

const reads = { tag: "Metrics of your own", scope: "read", errors: [] } as const satisfies RouteMetadata;

export const ownMetrics = c.router({
  listMetrics: {
    method: "GET",
    path: "/evaluations/metrics",
    summary: "List all metrics",
    description:
      "The metrics that runs of this project can evaluate: built-in ones, then the project's own by name.",
    metadata: reads,
    responses: { 200: z.array(MetricListItem) },
  },
  getMetric: {
    method: "GET",
    path: "/evaluations/metrics/:name",
    summary: "Get a metric",
    metadata: { ...reads, errors: ["not_found"] },
    pathParams: ofMetric,
    responses: { 200: MetricResponse },
  },
  putMetric: {
    method: "PUT",
    path: "/evaluations/metrics/:name",
    summary: "Create or change a metric of your own",
    description: `Creates a new version if the definition differs from the latest one, and changes nothing otherwise. Existing runs keep the version that they began with. A project may have ${limits.ownMetric.perProject} metrics; the ${limits.ownMetric.versions} latest versions of each are kept.`,
    metadata: {
      ...reads,
      scope: "evaluate",
      audit: "metric.changed",
      errors: ["quota_exceeded", ...judgeErrors],
    },
    pathParams: z.object({
      name: wellFormedName.describe(
        "1 to 64 lower-case letters, digits, _ and -, beginning with a letter. Not the name of a built-in metric.",
      ),
    }),
    body: MetricDefinition,
    responses: { 200: MetricResponse },
  },
  tryMetric: {
    method: "POST",
    path: "/evaluations/metrics/:name/try",
    summary: "Try a metric on a few traces",
    description: `Judges up to ${limits.ownMetric.tried} traces or sessions and returns, within a minute, the scores that a run would give. No score is stored. Takes a draft in the body, a version, the latest version, or a built-in metric of traces. The judge's calls count like those of a run: rate limits and quotas apply, stored answers are reused, and new ones are stored for the next run. If the client disconnects, no new call starts. A trace that could not be judged has a result with the status FAILED.`,
    metadata: {
      ...reads,
      scope: "evaluate",
      rateLimit: "runs",
      quota: "runs",
      isSlow: true,
      errors: ["not_found", "unknown_metric", ...judgeErrors],
      responseHeaders: { ...rateLimitHeaders, ...retryAfterHeader },
    },
    pathParams: z.object({ name: wellFormedName }),
    body: TryMetricRequest,
    responses: { 200: MetricTrial },
  },
  listMetricVersions: {
    method: "GET",
    path: "/evaluations/metrics/:name/versions",
    summary: "List the versions of a metric of your own",
    description: "Newest first.",
    metadata: { ...reads, errors: ["not_found"] },
    pathParams: ofMetric,
    query: z.object(paging()),
    responses: { 200: MetricVersionPage },
  },
  deleteMetric: {
    method: "DELETE",
    path: "/evaluations/metrics/:name",
    summary: "Delete a metric of your own",
    description:
      "With its versions. Its scores are kept, and runs that have been created finish with it. A monitor that uses it creates no more runs until it is changed. A metric of the same name continues the version numbers.",
    metadata: { ...reads, scope: "evaluate", audit: "metric.deleted", errors: ["not_found"] },
    pathParams: ofMetric,
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
});
