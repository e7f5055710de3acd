import { CallTimeoutError, ForeignAddressError, WrongShapeError } from "./call-errors.ts";
import { normalizeResponse } from "./normalize-response.ts";

/** The largest answer and the largest list of embeddings that is read, after decompression. */
const MOST_BYTES = { answer: 1_048_576, embeddings: 33_554_432 } as const;
/** How much of an error is read. */
const MOST_ERROR_BYTES = 65_536;
/** Statuses whose responses have no body. */
const BODILESS = [204, 205, 304];

/** What a call returns. */
export type Expects = keyof typeof MOST_BYTES;

export interface JudgeFetchOptions {
  /** The hosts that may be called, with their ports, as in a URL. */
  readonly hosts: readonly string[];
  readonly expects: Expects;
  /** How long a call may take until the last byte of its answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Converts a body to what the AI SDK understands. Returns the same value if there is nothing to change. */
  normalize(body: unknown): unknown;
}

/**
 * Creates the `fetch` for calls to a provider. It only calls configured hosts, follows no redirects (they would receive the key
 * and the prompt), reads a bounded number of bytes, and ends in time.
 *
 * @throws CallTimeoutError, ForeignAddressError, WrongShapeError
 */
export function createJudgeFetch({ hosts, expects, timeoutMs, normalize }: JudgeFetchOptions): typeof fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const { host } = new URL(url);
    if (!hosts.includes(host)) throw new ForeignAddressError(`was not called: its host is not ${hosts[0]}`);
    const overdue = AbortSignal.timeout(timeoutMs);
    try {
      const signal = AbortSignal.any(init?.signal ? [init.signal, overdue] : [overdue]);
      const response = await fetch(input, { ...init, redirect: "manual", signal });
      if (isRedirect(response)) {
        await response.body?.cancel();
        throw new ForeignAddressError(`redirects to ${targetOf(response, url)}`);
      }
      return await readResponse(response, MOST_BYTES[expects], normalize);
    } catch (error) {
      if (overdue.aborted && !init?.signal?.aborted) {
        throw new CallTimeoutError(timeoutMs);
      }
      throw error;
    }
  };
}

async function readResponse(
  response: Response,
  mostBytes: number,
  normalize: JudgeFetchOptions["normalize"],
): Promise<Response> {
  const { ok, status, statusText, headers } = response;
  const init = { status, statusText, headers: jsonHeaders(headers) };
  if (BODILESS.includes(status)) return new Response(null, init);
  if (!ok) return new Response((await readBody(response, MOST_ERROR_BYTES)).text, init);
  const { text, isWhole } = await readBody(response, mostBytes);
  if (!isWhole) {
    throw new WrongShapeError(`sent more than ${(mostBytes / 1_048_576).toFixed()} MB as its answer`);
  }
  const read = normalizeResponse(status, text);
  const isAnswer = read.status === status;
  return new Response(isAnswer ? normalizeText(read.text, normalize) : read.text, {
    ...init,
    status: read.status,
  });
}

function normalizeText(text: string, normalize: JudgeFetchOptions["normalize"]): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return text;
  }
  const normalized = normalize(body);
  return normalized === body ? text : JSON.stringify(normalized);
}

/** Reads a body as text, up to `mostBytes`. */
async function readBody(
  { body }: Response,
  mostBytes: number,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    chunks.push(size > mostBytes ? chunk.subarray(0, chunk.length - (size - mostBytes)) : chunk);
    // Leaving the loop cancels the body and closes the connection.
    if (size > mostBytes) break;
  }
  return { text: new TextDecoder().decode(Buffer.concat(chunks)), isWhole: size <= mostBytes };
}

function isRedirect({ status, headers }: Response): boolean {
  return status >= 300 && status < 400 && headers.has("location");
}

/** The host that a redirect leads to. The rest of the URL may contain secrets. */
function targetOf({ headers }: Response, from: string): string {
  const target = headers.get("location") ?? "";
  return URL.canParse(target, from) ? new URL(target, from).host : "an invalid address";
}

/** The headers for a body that was decompressed and, if necessary, converted to JSON. */
function jsonHeaders(headers: Headers): Headers {
  const rest = new Headers(headers);
  rest.set("content-type", "application/json");
  rest.delete("content-encoding");
  rest.delete("content-length");
  return rest;
}
