const MAX_MESSAGE_CHARS = 240;
/** Enough for any error message. A body that quotes the prompt can be as long as the prompt. */
const MAX_WORDS_CHARS = 4_000;

/** The error in the body of a refused call, independent of its layout. */
export interface ProviderError {
  /** The provider's own words, on one line of at most 240 characters; "" if there are none. */
  readonly message: string;
  /** All texts of the error, for matching. */
  readonly words: string;
  /** Its codes, in lower case: `insufficient_quota`, `context_length_exceeded`. */
  readonly codes: readonly string[];
  /** The HTTP status in the body, which gateways may send with a 200; null if there is none. */
  readonly status: number | null;
}

/**
 * Reads `{"error":{"message":…,"code":…}}` and its variants: Anthropic's, Google's (also in a list), FastAPI's `detail`, plain
 * text, and OpenRouter's and LiteLLM's errors that wrap the error of the provider behind them.
 */
export function readProviderError(responseBody: string | undefined): ProviderError {
  const text = responseBody ?? "";
  const body = parseJson(text);
  const layers = body === undefined ? [] : errorLayers(body);
  const texts = layers.flatMap(textsOf);
  // Plain text is shown, but not a proxy's HTML page.
  if (body === undefined && !/^\s*</.test(text)) texts.push(text);
  // The innermost error is the model's own; those around it often say only "Provider returned error".
  const message = texts.findLast((candidate) => candidate.trim() !== "") ?? "";
  const names = layers.flatMap((layer) => [layer["code"], layer["type"], layer["status"]]);
  return {
    message: oneLine(message, MAX_MESSAGE_CHARS),
    words: oneLine([...texts, ...layers.map(({ param }) => asText(param))].join(" "), MAX_WORDS_CHARS),
    codes: names.filter((name) => typeof name === "string").map((name) => name.toLowerCase()),
    status: names.map(httpStatus).findLast((status) => status !== null) ?? null,
  };
}

/**
 * How long a provider asks us to wait, in milliseconds; null if it does not say. Understands `retry-after-ms`,
 * `Retry-After` in seconds or as an HTTP date (RFC 9110 §10.2.3), and the `retryDelay` that Google puts in the body.
 */
export function readRetryAfterMs(
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

type Layer = Readonly<Record<string, unknown>>;

/** The error objects of a body, the outermost first. Bounded, since a body may be nested deeply. */
function errorLayers(body: unknown): Layer[] {
  const layers: Layer[] = [];
  let current: unknown = Array.isArray(body) ? body[0] : body;
  for (let depth = 0; depth < 5 && isLayer(current); depth++) {
    layers.push(current);
    current = innerError(current);
  }
  return layers;
}

function innerError(layer: Layer): unknown {
  const { error, metadata, message } = layer;
  if (isLayer(error)) return error;
  if (isLayer(metadata)) return fromText(metadata["raw"]);
  // LiteLLM: "OpenAIException - {…}".
  const start = typeof message === "string" ? message.indexOf("{") : -1;
  return typeof message === "string" && start >= 0 ? parseJson(message.slice(start)) : undefined;
}

/** Parses a text that contains an error as JSON; other text becomes the message of an error. */
function fromText(text: unknown): unknown {
  if (typeof text !== "string") return text;
  const parsed = parseJson(text);
  if (isLayer(parsed)) return parsed;
  return text === "" ? undefined : { message: text };
}

function textsOf({ error, message, msg, detail }: Layer): string[] {
  const details = Array.isArray(detail) ? detail.map(validationText).join("; ") : asText(detail);
  return [asText(error), asText(message), asText(msg), details].filter((text) => text !== "");
}

/** An entry of FastAPI's `detail`: "body.temperature: Extra inputs are not permitted". */
function validationText(entry: unknown): string {
  if (!isLayer(entry)) return asText(entry);
  const { loc, msg } = entry;
  return `${Array.isArray(loc) ? loc.filter(isKey).join(".") : asText(loc)}: ${asText(msg)}`;
}

function isKey(part: unknown): boolean {
  return typeof part === "string" || typeof part === "number";
}

function httpStatus(code: unknown): number | null {
  const number = typeof code === "string" && /^\d{3}$/.test(code) ? Number(code) : code;
  return typeof number === "number" && Number.isInteger(number) && number >= 400 && number < 600
    ? number
    : null;
}

function oneLine(text: string, maxChars: number): string {
  const line = text
    .slice(0, 4 * maxChars)
    .replace(/\s+/g, " ")
    .trim()
    .toWellFormed();
  return line.length <= maxChars ? line : `${line.slice(0, maxChars).trimEnd()}…`;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isLayer(value: unknown): value is Layer {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decimal(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null;
}
