import cors from "@fastify/cors";
import type { FastifyInstance } from "fastify";

/** The response headers that pages may read, besides those that CORS always allows. */
const exposedHeaders = [
  "X-Request-ID",
  "Retry-After",
  "RateLimit-Limit",
  "RateLimit-Remaining",
  "RateLimit-Reset",
  "Preference-Applied",
  "Idempotency-Replayed",
  "Warning",
];

/** In seconds; the longest that Chrome honours. */
const preflightMaxAge = 7200;

/**
 * Lets the pages of these origins call the API; `*` is any. Cookies are not allowed, only the API key that the page
 * sends. Any header may be sent, so that clients can add their own.
 */
export async function registerCors(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await app.register(cors, {
    origin: origins.includes("*") ? "*" : [...origins],
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    exposedHeaders,
    maxAge: preflightMaxAge,
    // Treats every OPTIONS as a preflight. The plugin's refusal of others is not a problem document.
    strictPreflight: false,
  });
}
