import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { embeddingsAnswer, questionAnswer, rightAnswer } from "./llm-answer.ts";
import { type Fault, playFault } from "./llm-fault.ts";
import { asChat, type RecordedRequest, type Usage } from "./llm-question.ts";
import { textEmbedding } from "./text-embedding.ts";

export type { Fault } from "./llm-fault.ts";
export type { RecordedRequest, Usage } from "./llm-question.ts";

export interface LlmServerOptions {
  /** How long each answer takes. Default: 0. */
  readonly latencyMs?: number | ((request: RecordedRequest) => number);
  /** Each answer waits for it, after its latency. Default: no wait. */
  readonly until?: (request: RecordedRequest) => Promise<void>;
  /** The token counts. Default: 100 and 20, and 10 for embeddings. */
  readonly usage?: (request: RecordedRequest) => Usage;
  /** What the model answers; undefined for the default, a valid answer to the schema of the question. */
  readonly answer?: (request: RecordedRequest) => unknown;
  /** The vector of a text. Default: `textEmbedding`. */
  readonly embedding?: (text: string) => number[];
  /** What goes wrong with a call; undefined if nothing does. */
  readonly fault?: (request: RecordedRequest) => Fault | undefined;
  /** Called for each call when it is received. */
  readonly onReceived?: (request: RecordedRequest) => void;
  /** Called for each call whose answer the caller received. */
  readonly onAnswered?: (request: RecordedRequest) => void;
}

export interface LlmServer {
  /** What to set `OPENAI_BASE_URL` or `ANTHROPIC_BASE_URL` to. */
  readonly baseUrl: string;
  readonly requests: readonly RecordedRequest[];
  /** Calls whose answers the caller received. */
  readonly answered: number;
  /** Calls in progress. */
  readonly inFlight: number;
  /** The most calls that were in progress at once. */
  readonly maxInFlight: number;
  stop(): Promise<void>;
}

/** A real HTTP server on 127.0.0.1 that plays an OpenAI-compatible provider and Anthropic, for tests and benchmarks. */
export async function startLlmServer(options: LlmServerOptions = {}): Promise<LlmServer> {
  const requests: RecordedRequest[] = [];
  let answered = 0;
  let inFlight = 0;
  let maxInFlight = 0;

  const server = createServer(async (message, response) => {
    inFlight += 1;
    maxInFlight = Math.max(maxInFlight, inFlight);
    response.on("finish", () => {
      answered += 1;
    });
    response.on("close", () => {
      inFlight -= 1;
    });
    const request = await record(message, requests.length + 1);
    if (request === undefined)
      return reply(response, 404, { error: { message: `No route ${message.url}.` } });
    requests.push(request);
    options.onReceived?.(request);
    response.on("finish", () => options.onAnswered?.(request));
    const { latencyMs = 0 } = options;
    await sleep(typeof latencyMs === "number" ? latencyMs : latencyMs(request));
    await options.until?.(request);
    answer(request, response, options);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    get answered() {
      return answered;
    },
    get inFlight() {
      return inFlight;
    },
    get maxInFlight() {
      return maxInFlight;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function record(message: IncomingMessage, n: number): Promise<RecordedRequest | undefined> {
  const url = message.url ?? "";
  const path = new URL(url, "http://server").pathname.replace(/^\/v1/, "");
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  if (message.method !== "POST") return undefined;
  const receivedAt = performance.now();
  const sent = JSON.parse(Buffer.concat(chunks).toString());
  const common = { n, headers: message.headers, receivedAt, url, sent };
  if (path === "/chat/completions" || path === "/embeddings") return { ...common, path, body: sent };
  if (path === "/messages") return { ...common, path, body: asChat(sent) };
  return undefined;
}

function answer(request: RecordedRequest, response: ServerResponse, options: LlmServerOptions): void {
  const fault = options.fault?.(request);
  const usage = options.usage?.(request) ?? defaultUsage[request.path];
  if (fault !== undefined && fault.kind !== "says") playFault(fault, response);
  else if (request.path === "/embeddings")
    reply(response, 200, embeddingsAnswer(request.body, options.embedding ?? textEmbedding, usage));
  else if (fault !== undefined)
    reply(response, 200, questionAnswer(request, fault.text, usage, fault.finishReason));
  else {
    const says = options.answer?.(request) ?? rightAnswer(request.body);
    reply(response, 200, questionAnswer(request, says, usage));
  }
}

const defaultUsage: Readonly<Record<RecordedRequest["path"], Usage>> = {
  "/chat/completions": { input: 100, output: 20 },
  "/messages": { input: 100, output: 20 },
  "/embeddings": { input: 10, output: 0 },
};

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
