const MAX_MESSAGE_CHARS = 240;
/** Enough for any error message; a body that quotes the prompt can be as long as the prompt. */
const MAX_WORDS_CHARS = 4_000;

/** What the body of a refused call says, in whichever of the known layouts. */
export interface ProviderError {
  /** In the provider's own words, on one line, at most 240 characters; or "". */
  readonly message: string;
  /** All texts of the error, to match wordings against. */
  readonly words: string;
  /** The names that programs know the error by, in lower case: `insufficient_quota`, `context_length_exceeded`. */
  readonly codes: readonly string[];
  /** The HTTP status that the body names, which gateways put under a 200; or null. */
  readonly status: number | null;
}

/**
 * Reads `{"error":{"message":…,"code":…}}` and its relatives: Anthropic's, Google's (also in a list), FastAPI's `detail`, a
 * bare text, and OpenRouter's and LiteLLM's errors around the error of the provider behind them.
 */
export function readProviderError(responseBody: string | undefined): ProviderError {
  const text = responseBody ?? "";
  const body = parseJson(text);
  const layers = body === undefined ? [] : errorLayers(body);
  const texts = layers.flatMap(textsOf);
  // A body that is no JSON is shown if it is text: a proxy's HTML page helps nobody.
  if (body === undefined && !/^\s*</.test(text)) texts.push(text);
  // The innermost error is the one of the model itself; those around it often say no more than "Provider returned error".
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

/** The error objects of a body, the outermost first. Bounded, since a body may nest without end. */
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

/** The object that a text holds as JSON, or the text as an error of its own. */
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
