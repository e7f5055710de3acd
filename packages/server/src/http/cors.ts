import cors from "@fastify/cors";
import type { FastifyInstance } from "fastify";

/** What a page of another origin may read of an answer, besides the few headers that any may. */
const exposedHeaders = [
  "X-Request-ID",
  "Retry-After",
  "RateLimit-Limit",
  "RateLimit-Remaining",
  "RateLimit-Reset",
  "Preference-Applied",
  "Idempotency-Replayed",
];

/** In seconds; the longest that Chrome heeds. */
const preflightMaxAge = 7200;

/**
 * Lets the pages of these origins call the API; `*` is any. No credentials: a browser sends no cookie along, only the key
 * that the page has. Any header may be sent, so that clients may add their own.
 */
export async function registerCors(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await app.register(cors, {
    origin: origins.includes("*") ? "*" : [...origins],
    methods: ["GET", "HEAD", "POST", "PATCH", "DELETE"],
    exposedHeaders,
    maxAge: preflightMaxAge,
    // An OPTIONS that is no preflight is told the same; the plugin's refusal is no problem document.
    strictPreflight: false,
  });
}
