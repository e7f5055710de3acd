/**
 * How long a provider asks us to wait, in milliseconds; null if it does not say. Understands `retry-after-ms`,
 * `Retry-After` in seconds or as an HTTP date (RFC 9110 §10.2.3), and the `retryDelay` that Google puts in the body.
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string>> | undefined,
  body: string | undefined,
): number | null {
  const ms = decimal(headers?.["retry-after-ms"]);
  if (ms !== null) return ms;
  const header = headers?.["retry-after"];
  const seconds = decimal(header) ?? decimal(body?.match(/"retryDelay":\s*"([\d.]+)s"/)?.[1]);
  if (seconds !== null) return seconds * 1_000;
  const date = Date.parse(header ?? "");
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

function decimal(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null;
}
