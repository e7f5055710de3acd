/**
 * How many seconds the server asks to wait: `Retry-After`, in seconds or as a date; of a 429 without it,
 * `RateLimit-Reset`. `null` where it does not say.
 */
export function retryAfterSeconds({ status, headers }: Response): number | null {
  const value = headers.get("retry-after") ?? (status === 429 ? headers.get("ratelimit-reset") : null) ?? "";
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}
