import type { ErrorCode } from "./error-codes.ts";

/** An example `detail` of each error, for the reference. */
export const problemDetails = {
  malformed_json: "The body is not valid JSON: Unexpected end of JSON input.",
  invalid_filters: "body.filters.status must be one of PENDING, RUNNING, COMPLETED, ERROR.",
  invalid_date_range: "query.date_from must be before date_to.",
  unknown_metric:
    'There is no trace metric "task_complete". The trace metrics are task_completion, tool_correctness, coherence.',
  invalid_signal_weights:
    "body.signal_weights.mood is not a signal: use confidence, loop_detection, tool_correctness, coherence.",
  invalid_cadence:
    'body.cadence must be every_6h, daily, weekly, or cron: and five fields, such as "cron:0 9 * * 1".',
  unknown_model_provider:
    'There is no model provider "opanai". Name the model as provider/model, such as openai/gpt-5.4.',
  invalid_model_name:
    '"openai/a b" is not a valid model name. Use letters, digits and . _ : @ - with single slashes between them, and no ...',
  model_not_allowed:
    "This server does not allow the model openai/gpt-5.5 as a judge. JUDGE_MODELS allows openai/gpt-5.4-mini, heuristic/v1.",
  malformed_request: "The path cannot be decoded: percent-encode each of its values as UTF-8.",
  missing_credentials: "Send your API key in the header X-API-Key.",
  invalid_credentials:
    "This API key is unknown, revoked or expired. Check it, or create a new one on the server: pandaprobe-server keys create.",
  insufficient_scope: "This needs a key with the scope evaluate; this key has ingest, read.",
  method_not_allowed: "PUT /traces does not exist; this path has GET, HEAD, POST.",
  not_found: 'There is no trace "11111111-1111-1111-1111-111111111111" in this project.',
  idempotency_key_reused:
    "This Idempotency-Key was used with another request. Use a new key for a new request.",
  idempotency_in_progress:
    "The first request with this Idempotency-Key is still running. Send the same request again in a moment.",
  claim_lost:
    "Your claim has ended, and enough others review this item now. Claim the next one. To keep your scores, send them as trace scores.",
  request_timeout: "The request took too long to arrive. Send it again.",
  body_too_large: "The body is larger than this server accepts. Send less at once.",
  uri_too_long: "A value in the path is too long.",
  unsupported_media_type: "Send the body as JSON, with the header Content-Type: application/json.",
  validation_error: "body.started_at is missing (expected string).",
  invalid_project_name:
    "The header X-Project-Name must have 1 to 255 ASCII letters, digits, spaces and _ . ' -, the first and last a letter or digit.",
  nothing_matches: "No trace of this project matches the filters, so there is nothing to evaluate.",
  nothing_to_retry:
    "Every trace of this run has a successful score for each metric: there is nothing to retry.",
  run_in_progress: "The run is still RUNNING. Wait until it has ended, then retry what failed.",
  provider_not_configured: "The provider openai is not configured: set OPENAI_API_KEY on the server.",
  embedding_model_not_configured: "No embedding model is configured: set EVAL_EMBEDDING_MODEL on the server.",
  price_unknown:
    "A run with max_cost_usd needs the price of openai/my-model, which is unknown. Add it to JUDGE_PRICES on the server, or leave max_cost_usd out.",
  headers_too_large: "The request's headers are too large. Send fewer or shorter ones.",
  rate_limited: "At most 50 of these requests are allowed in a minute. Try again in 12 s.",
  quota_exceeded:
    "This project may have 100000 traces, and has 100000. Delete some, or have the server's QUOTA_TRACES raised.",
  internal_error: "Something went wrong on our side. Quote the request id when you report it.",
  unavailable: "The database cannot be reached right now. Try again in a moment.",
} as const satisfies Record<ErrorCode, string>;
