/**
 * Every error of the API: its stable code, HTTP status and title. The server uses no others, the OpenAPI document lists
 * them, and clients may switch on the codes.
 */
export const errorCodes = {
  malformed_json: { status: 400, title: "Malformed JSON" },
  invalid_filters: { status: 400, title: "Invalid filters" },
  invalid_date_range: { status: 400, title: "Invalid date range" },
  unknown_metric: { status: 400, title: "Unknown metric" },
  invalid_signal_weights: { status: 400, title: "Invalid signal weights" },
  unknown_model_provider: { status: 400, title: "Unknown model provider" },
  invalid_model_name: { status: 400, title: "Invalid model name" },
  model_not_allowed: { status: 400, title: "Model not allowed" },
  invalid_cadence: { status: 400, title: "Invalid cadence" },
  malformed_request: { status: 400, title: "Malformed request" },
  missing_credentials: { status: 401, title: "Missing API key" },
  invalid_credentials: { status: 401, title: "Invalid API key" },
  insufficient_scope: { status: 403, title: "The API key may not do this" },
  /** It concerns a path, so no operation in the reference lists it. */
  method_not_allowed: { status: 405, title: "Method not allowed" },
  not_found: { status: 404, title: "Not found" },
  idempotency_key_reused: { status: 409, title: "Idempotency key used with another request" },
  idempotency_in_progress: {
    status: 409,
    title: "The first request with this idempotency key is still running",
  },
  claim_lost: { status: 409, title: "The claim is lost" },
  request_timeout: { status: 408, title: "Request timed out" },
  body_too_large: { status: 413, title: "Request body too large" },
  uri_too_long: { status: 414, title: "URI too long" },
  unsupported_media_type: { status: 415, title: "Unsupported media type" },
  validation_error: { status: 422, title: "Validation error" },
  invalid_project_name: { status: 422, title: "Invalid project name" },
  nothing_matches: { status: 422, title: "The filters match nothing" },
  nothing_to_retry: { status: 422, title: "Nothing to retry" },
  run_in_progress: { status: 422, title: "The run has not ended" },
  provider_not_configured: { status: 422, title: "Model provider not configured" },
  embedding_model_not_configured: { status: 422, title: "Embedding model not configured" },
  price_unknown: { status: 422, title: "Price of the model unknown" },
  headers_too_large: { status: 431, title: "Request headers too large" },
  rate_limited: { status: 429, title: "Rate limit exceeded" },
  quota_exceeded: { status: 429, title: "Quota of the project exceeded" },
  internal_error: { status: 500, title: "Internal error" },
  unavailable: { status: 503, title: "Service unavailable" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorCodes;
export type ErrorStatus = (typeof errorCodes)[ErrorCode]["status"];
