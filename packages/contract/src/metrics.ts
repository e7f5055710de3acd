import { z } from "zod";
import type { RouteMetadata } from "./common/metadata.ts";
import { c } from "./common/router.ts";

export const MetricSummary = z
  .object({
    name: z.string().describe("The name to use in `metrics`."),
    description: z.string(),
    category: z.string().describe("`trace` or `session`."),
  })
  .meta({ id: "MetricSummary" });
export type MetricSummary = z.infer<typeof MetricSummary>;

export const PromptPreview = z
  .object({
    stage: z.string().describe("The stage of the metric that this prompt belongs to."),
    prompt: z.string().describe("The prompt, rendered with placeholder data."),
  })
  .meta({ id: "PromptPreview" });
export type PromptPreview = z.infer<typeof PromptPreview>;

export const MetricInfo = MetricSummary.extend({
  default_threshold: z
    .number()
    .describe("A score at or above it is a success, unless the run sets another threshold."),
  prompt_preview: z.array(PromptPreview),
}).meta({ id: "MetricInfo" });
export type MetricInfo = z.infer<typeof MetricInfo>;

export const ProviderInfo = z
  .object({
    key: z.string().describe("The part before the slash in `provider/model`."),
    name: z.string(),
    description: z.string(),
    available: z.boolean(),
    message: z.string().describe("If it is not available: the missing environment variable."),
  })
  .meta({ id: "ProviderInfo" });
export type ProviderInfo = z.infer<typeof ProviderInfo>;

const metadata = { tag: "Metrics and providers", scope: "read", errors: [] } as const satisfies RouteMetadata;

export const metrics = c.router({
  listTraceMetrics: {
    method: "GET",
    path: "/evaluations/trace-metrics",
    summary: "List trace metrics",
    description: "The metrics that trace runs can evaluate.",
    metadata,
    responses: { 200: z.array(MetricSummary) },
  },
  listSessionMetrics: {
    method: "GET",
    path: "/evaluations/session-metrics",
    summary: "List session metrics",
    description: "The metrics that session runs can evaluate.",
    metadata,
    responses: { 200: z.array(MetricSummary) },
  },
  listProviders: {
    method: "GET",
    path: "/evaluations/providers",
    summary: "List judge providers",
    description: "All judge providers, and whether they are configured.",
    metadata,
    responses: { 200: z.array(ProviderInfo) },
  },
});
