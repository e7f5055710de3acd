import { z } from "zod";
import type { RouteMetadata } from "./common/metadata.ts";
import { c } from "./common/router.ts";

export const Health = z.object({ status: z.literal("ok") }).meta({ id: "Health" });
export type Health = z.infer<typeof Health>;

const open = { tag: "Operations", auth: false, errors: [] } as const satisfies RouteMetadata;

export const operations = c.router({
  getHealth: {
    method: "GET",
    path: "/health",
    summary: "Is the process up?",
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
    metadata: open,
    responses: { 200: c.otherResponse({ contentType: "text/plain; version=0.0.4", body: z.string() }) },
  },
  getOpenApi: {
    method: "GET",
    path: "/openapi.json",
    summary: "This API as an OpenAPI 3.1 document",
    metadata: open,
    responses: { 200: z.record(z.string(), z.unknown()) },
  },
  getDocs: {
    method: "GET",
    path: "/docs",
    summary: "A reference to browse",
    metadata: open,
    responses: { 200: c.otherResponse({ contentType: "text/html; charset=utf-8", body: z.string() }) },
  },
});
