import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createGzip, gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { createJudges } from "../../src/judge/judges.ts";
import {
  CallTimeoutError,
  ForeignAddressError,
  WrongShapeError,
} from "../../src/judge/providers/call-errors.ts";
import { createJudgeFetch, type JudgeFetchOptions } from "../../src/judge/providers/judge-fetch.ts";
import type { Judge } from "../../src/metrics/judge.ts";
import { askTask, settingsWith } from "./support.ts";

const MB = 1_048_576;

interface Server {
  readonly url: string;
  readonly host: string;
  readonly requests: IncomingMessage[];
  /** The number of bytes written to connections. */
  readonly sent: () => number;
  /** Resolves when every connection is closed. */
  readonly closed: () => Promise<void>;
}

async function startServer(answer: RequestListener): Promise<Server> {
  const requests: IncomingMessage[] = [];
  const sockets = new Set<IncomingMessage["socket"]>();
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}/v1`,
    host,
    requests,
    sent: () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    closed: async () => {
      await Promise.all(
        [...sockets].map((socket) => socket.destroyed || new Promise((done) => socket.once("close", done))),
      );
    },
  };
}

/** Writes as fast as it is read, up to `most` bytes. */
function pour(response: ServerResponse | ReturnType<typeof createGzip>, chunk: Buffer, most: number): void {
  let left = most;
  const write = () => {
    while (left > 0) {
      left -= chunk.length;
      if (!response.write(chunk)) return void response.once("drain", write);
    }
    response.end();
  };
  write();
}

function fetchWith(host: string, options: Partial<JudgeFetchOptions> = {}): typeof fetch {
  return createJudgeFetch({
    hosts: [host],
    expects: "answer",
    timeoutMs: 5_000,
    normalize: (body) => body,
    ...options,
  });
}

const spaces = Buffer.alloc(65_536, " ");

describe("a response that is too large", () => {
  it.each<[string, RequestListener]>([
    ["spaces without end", (_, response) => pour(response, spaces, 500 * MB)],
    [
      "an announced length",
      (_, response) => {
        response.setHeader("content-length", 500 * MB);
        pour(response, spaces, 500 * MB);
      },
    ],
    [
      "a bomb of gzip",
      (_, response) => {
        response.setHeader("content-encoding", "gzip");
        const gzip = createGzip();
        gzip.pipe(response);
        pour(gzip, spaces, 700 * MB);
      },
    ],
  ])("is not read any further: %s", async (_, answer) => {
    const server = await startServer(answer);
    await expect(fetchWith(server.host)(server.url)).rejects.toThrow(
      new WrongShapeError("sent more than 1 MB as its answer"),
    );
    await server.closed();
    // The buffers of the sockets on both sides come on top of what was read.
    expect(server.sent()).toBeLessThan(8 * MB);
  });

  it("may be larger if it contains embeddings", async () => {
    const server = await startServer((_, response) => response.end(JSON.stringify("x".repeat(2 * MB))));
    await expect(fetchWith(server.host)(server.url)).rejects.toThrow(WrongShapeError);
    const response = await fetchWith(server.host, { expects: "embeddings" })(server.url);
    expect(await response.json()).toHaveLength(2 * MB);
  });

  it("is cut if its status is an error", async () => {
    const server = await startServer((_, response) => {
      response.statusCode = 503;
      pour(response, Buffer.alloc(65_536, "down "), 100 * MB);
    });
    const response = await fetchWith(server.host)(server.url);
    expect(response.status).toBe(503);
    expect(await response.text()).toHaveLength(65_536);
    await server.closed();
    expect(server.sent()).toBeLessThan(8 * MB);
  });
});

describe("a response that takes too long", () => {
  it.each<[string, RequestListener]>([
    ["no headers", () => undefined],
    [
      "a body that trickles",
      (_, response) => {
        response.write("{");
        const timer = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(timer));
      },
    ],
  ])("is given up: %s", async (_, answer) => {
    const server = await startServer(answer);
    await expect(fetchWith(server.host, { timeoutMs: 200 })(server.url)).rejects.toThrow(
      new CallTimeoutError(200),
    );
    await server.closed();
  });

  it("ends with the caller's signal", async () => {
    const server = await startServer((_, response) => response.write("{"));
    const stop = new AbortController();
    const calling = fetchWith(server.host)(server.url, { signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(calling).rejects.toThrow("enough");
  });
});

it("only calls configured hosts", async () => {
  const server = await startServer((_, response) => response.end("{}"));
  await expect(fetchWith("api.example.com")(server.url)).rejects.toThrow(
    new ForeignAddressError("was not called: its host is not api.example.com"),
  );
  expect(server.requests).toHaveLength(0);
});

it("returns the decompressed body with its status and headers", async () => {
  const server = await startServer((_, response) => {
    response.writeHead(201, { "content-encoding": "gzip", "x-request-id": "r-1" });
    response.end(gzipSync('{"a":1}'));
  });
  const response = await fetchWith(server.host, { normalize: (body) => ({ read: body }) })(server.url);
  expect(response.status).toBe(201);
  expect(response.headers.get("x-request-id")).toBe("r-1");
  expect(response.headers.has("content-encoding")).toBe(false);
  expect(await response.json()).toEqual({ read: { a: 1 } });
});

it("does not change a body that is not JSON, or a response without a body", async () => {
  const server = await startServer(({ url }, response) => {
    response.statusCode = url === "/v1/none" ? 204 : 200;
    response.end(url === "/v1/none" ? undefined : "<html>");
  });
  expect(await (await fetchWith(server.host)(server.url)).text()).toBe("<html>");
  expect((await fetchWith(server.host)(`${server.url}/none`)).status).toBe(204);
});

describe("no provider", () => {
  const providers: readonly [string, (baseUrl: string) => Judge][] = [
    ["openai", (baseUrl) => judgeOf({ openai: { apiKey: "sk-secret", baseUrl } }, "openai/m")],
    ["anthropic", (baseUrl) => judgeOf({ anthropic: { apiKey: "sk-secret", baseUrl } }, "anthropic/m")],
    [
      "google_genai",
      (baseUrl) => judgeOf({ googleGenai: { apiKey: "sk-secret", baseUrl } }, "google_genai/m"),
    ],
  ];

  function judgeOf(settings: Parameters<typeof settingsWith>[0], model: string): Judge {
    return createJudges(settingsWith({ ...settings, maxAttempts: 2 })).judgeFor(model);
  }

  it.each(providers)("follows a redirect: %s", async (_, judgeAt) => {
    const other = await startServer((_request, response) => response.end("{}"));
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await startServer((_request, response) => {
        response.writeHead(status, { location: `http://${other.host}/steal?token=t-1` });
        response.end();
      });
      const asking = askTask(judgeAt(server.url));
      await expect(asking).rejects.toThrow("redirects to [redacted]. ");
      await expect(asking).rejects.not.toThrow("t-1");
      expect(server.requests).toHaveLength(1);
    }
    expect(other.requests).toHaveLength(0);
  });

  it.each(providers)("reads an answer without end: %s", async (_, judgeAt) => {
    const server = await startServer((_request, response) => pour(response, spaces, 500 * MB));
    await expect(askTask(judgeAt(server.url))).rejects.toThrow(
      /sent more than 1 MB as its answer \(2 attempts/,
    );
    await server.closed();
    expect(server.sent()).toBeLessThan(16 * MB);
  });
});
