import { z } from "zod";
import type { RouteMetadata } from "./common/metadata.ts";
import { c } from "./common/router.ts";

export const Health = z.object({ status: z.literal("ok") }).meta({ id: "Health" });
export type Health = z.infer<typeof Health>;

const metricsText = z.string().meta({
  examples: ["# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total 12.5\n"],
});
const page = z.string().meta({ examples: ["<!doctype html>"] });

const open = { tag: "Operations", scope: null, errors: [] } as const satisfies RouteMetadata;

export const operations = c.router({
  getHealth: {
    method: "GET",
    path: "/health",
    summary: "Is the process up?",
    description: "200 as long as the process answers, whatever the state of the database.",
    metadata: open,
    responses: { 200: Health },
  },
  getReadiness: {
    method: "GET",
    path: "/ready",
    summary: "Can it serve?",
    description:
      "200 once the database is reachable and its migrations are applied; 503 until then and while draining.",
    metadata: { ...open, errors: ["unavailable"] },
    responses: { 200: Health },
  },
  getMetrics: {
    method: "GET",
    path: "/metrics",
    summary: "Prometheus metrics of this process",
    description: "Requests, judge calls, queue and process, in the Prometheus text format.",
    metadata: open,
    responses: { 200: c.otherResponse({ contentType: "text/plain; version=0.0.4", body: metricsText }) },
  },
  getOpenApi: {
    method: "GET",
    path: "/openapi.json",
    summary: "This API as an OpenAPI 3.1 document",
    description: "Generated from the contract that the server implements.",
    metadata: open,
    responses: { 200: z.record(z.string(), z.unknown()) },
  },
  getDocs: {
    method: "GET",
    path: "/docs",
    summary: "An interactive API reference",
    description:
      "Shows every operation, and can send requests to this server. It loads nothing from other hosts.",
    metadata: open,
    responses: { 200: c.otherResponse({ contentType: "text/html; charset=utf-8", body: page }) },
  },
});
