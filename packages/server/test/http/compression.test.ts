import { request } from "node:http";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { brotliCompress, brotliDecompress, deflate, gunzip, gzip, inflate } from "node:zlib";
import type { TraceScoreResponse } from "@pandaprobe/contract";
import { ProblemError } from "@pandaprobe/contract/rules";
import fastify from "fastify";
import { describe, expect, onTestFinished, test } from "vitest";
import { registerCompression } from "../../src/http/compression.ts";
import { registerProblems } from "../../src/http/problems.ts";
import type { ApiClient } from "../support/api-client.ts";
import { createRun } from "../support/run-helpers.ts";
import { readTrace, storeTrace, traceBody } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createScore, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const bodyLimit = 1_000_000;
const server = useHttpServer({
  environment: { BODY_LIMIT_BYTES: String(bodyLimit), CORS_ORIGINS: "https://app.example" },
});
const database = databaseBehind(server);

const compress = {
  gzip: promisify(gzip),
  deflate: promisify(deflate),
  br: promisify(brotliCompress),
} as const;
const decompress = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;
type Encoding = keyof typeof compress;
const encodings = Object.keys(compress) as Encoding[];

/** Sends compressed JSON. */
function post(api: ApiClient, bytes: Uint8Array, encoding: string, headers: Record<string, string> = {}) {
  return api.sendRaw("POST", "/traces", new Uint8Array(bytes), {
    "content-type": "application/json",
    "content-encoding": encoding,
    ...headers,
  });
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

describe("a request's body", () => {
  test.each(encodings)("may be compressed with %s", async (encoding) => {
    const api = server.project();
    const bytes = await compress[encoding](json(traceBody({ input: "ü".repeat(10_000) })));
    const answer = await post(api, bytes, encoding);
    expect(answer.status).toBe(202);
    const { trace_id } = answer.body as { trace_id: string };
    expect(await readTrace(api, trace_id)).toMatchObject({ input: "ü".repeat(10_000) });
  });

  test.each(["GZIP", "x-gzip", " gzip "])("may name its encoding in other ways: %j", async (name) => {
    expect((await post(server.project(), await compress.gzip(json(traceBody())), name)).status).toBe(202);
  });

  test("may be declared uncompressed, and may be compressed in several parts", async () => {
    const api = server.project();
    expect((await post(api, json(traceBody()), "identity")).status).toBe(202);
    const whole = json(traceBody());
    const parts = [await compress.gzip(whole.subarray(0, 20)), await compress.gzip(whole.subarray(20))];
    expect((await post(api, Buffer.concat(parts), "gzip")).status).toBe(202);
  });

  test.each(["zstd", "compress", "gzip, gzip", "gzip,br", "__proto__", "constructor", ""])(
    "is refused in any other encoding: %j",
    async (encoding) => {
      const answer = await post(server.project(), await compress.gzip(json(traceBody())), encoding);
      expectProblem(answer, "unsupported_media_type", { detail: /gzip, deflate, br/ });
    },
  );

  test.each(encodings)("is refused if it is damaged, truncated or not %s at all", async (encoding) => {
    const api = server.project();
    const whole = await compress[encoding](json(traceBody({ input: crypto.randomUUID().repeat(100) })));
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 12, 60);
    const wrong = [damaged, whole.subarray(0, whole.length - 5), whole.subarray(0, 3), json(traceBody())];
    for (const bytes of wrong) {
      expectProblem(await post(api, bytes, encoding), "malformed_request", { detail: /decompressed/ });
    }
    expect((await api.get<{ total: number }>("/traces")).body.total).toBe(0);
  });

  test("is held to the limit by its decompressed size", async () => {
    const api = server.project();
    const empty = json(traceBody({ input: "" })).length;
    const sized = (length: number) => json(traceBody({ input: "x".repeat(length - empty) }));
    expect((await post(api, await compress.gzip(sized(bodyLimit)), "gzip")).status).toBe(202);
    for (const encoding of encodings) {
      const answer = await post(api, await compress[encoding](sized(bodyLimit + 1)), encoding);
      expectProblem(answer, "body_too_large", { detail: /1000000 bytes/ });
    }
  });

  test("that expands to gigabytes costs no more than the limit", async () => {
    const api = server.project();
    // As long as it may be on its way; a gigabyte if it were unpacked as a whole.
    const megabyte = await compress.gzip(Buffer.alloc(1_000_000));
    const bomb = Buffer.concat(
      Array.from({ length: Math.floor(bodyLimit / megabyte.length) }, () => megabyte),
    );
    const before = process.memoryUsage().rss;
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(api, bomb, "gzip")));
    for (const answer of answers) expectProblem(answer, "body_too_large");
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
    expect((await api.get("/health")).status).toBe(200);
  });

  test("is the same request for an Idempotency-Key, compressed or not", async () => {
    const api = server.project();
    const key = { "idempotency-key": "k" };
    const first = await api.post("/traces", traceBody(), key);
    for (const encoding of encodings) {
      const again = await post(api, await compress[encoding](json(traceBody())), encoding, key);
      expect([again.body, again.headers.get("idempotency-replayed")]).toEqual([first.body, "true"]);
    }
    const other = await post(api, await compress.gzip(json(traceBody({ name: "other" }))), "gzip", key);
    expectProblem(other, "idempotency_key_reused");
  });

  test("is checked like any other: nesting, syntax, emptiness", async () => {
    const api = server.project();
    const deep = Buffer.from("[".repeat(600) + "]".repeat(600));
    expectProblem(await post(api, await compress.gzip(deep), "gzip"), "validation_error", { loc: ["body"] });
    expectProblem(await post(api, await compress.gzip(Buffer.from("{")), "gzip"), "malformed_json");
    expectProblem(await post(api, await compress.gzip(Buffer.alloc(0)), "gzip"), "validation_error");
    expectProblem(await post(api, Buffer.alloc(0), "gzip"), "validation_error");
  });
});

interface BareAnswer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

/** Returns the bytes on the wire, which `fetch` would decompress. */
function bare(api: { path: string; method?: string; headers?: Record<string, string> }): Promise<BareAnswer> {
  return new Promise((resolve, reject) => {
    const asking = request(server.current.url + api.path, {
      method: api.method ?? "GET",
      headers: { "x-api-key": server.current.apiKey, "x-project-name": "compression", ...api.headers },
    });
    asking.on("response", async (response) => {
      resolve({
        status: response.statusCode,
        headers: response.headers,
        bytes: await buffer(response),
      });
    });
    asking.on("error", reject);
    asking.end();
  });
}

/** A run with more scores than are returned at once. */
async function manyScores(): Promise<string> {
  const api = server.current.api.as({ project: "compression" });
  const { id, trace_id } = await createScore(api, await storeTrace(api), { reason: "Right, and well put." });
  const run = await createRun(api);
  await database.run(
    `insert into trace_scores select project_id, gen_random_uuid(), trace_id, 'metric ' || n, data_type, value,
      numeric_value, source, status, $2, author_user_id, reason || md5(n::text), environment, config_id, metadata
    from trace_scores, generate_series(1, 2000) n where id = $1`,
    [id, run.id],
  );
  expect(trace_id).toBeTruthy();
  return `/evaluations/trace-runs/${run.id}/scores`;
}

describe("an answer", () => {
  test.each(encodings)(
    "is compressed with %s for clients that accept it, even if streamed",
    async (encoding) => {
      const path = await manyScores();
      const plain = await bare({ path });
      expect(plain.headers["content-encoding"]).toBeUndefined();
      const packed = await bare({ path, headers: { "accept-encoding": encoding } });
      expect(packed.headers["content-encoding"]).toBe(encoding);
      expect(packed.headers["content-type"]).toBe("application/json; charset=utf-8");
      expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 4);
      const unpacked = await decompress[encoding](packed.bytes);
      expect(unpacked.equals(plain.bytes)).toBe(true);
      expect(JSON.parse(unpacked.toString()) as TraceScoreResponse[]).toHaveLength(2000);
    },
  );

  test.each([
    ["gzip;q=1, br;q=0.5", "gzip"],
    ["br;q=0, gzip", "gzip"],
    ["GZIP", "gzip"],
    ["*", "gzip"],
    ["gzip, deflate, br, zstd", "br"],
    ["zstd", undefined],
    ["identity", undefined],
    ["gzip;q=0", undefined],
    ["", undefined],
    [";;q=,,", undefined],
  ])("to a client that accepts %j is in %s", async (accepted, expected) => {
    const { status, headers, bytes } = await bare({
      path: "/openapi.json",
      headers: { "accept-encoding": accepted },
    });
    expect([status, headers["content-encoding"]]).toEqual([200, expected]);
    const text = expected === undefined ? bytes : await decompress[expected as Encoding](bytes);
    expect(JSON.parse(text.toString())).toMatchObject({ openapi: "3.1.0" });
  });

  test("varies by Accept-Encoding, and by Origin with CORS", async () => {
    const packed = { "accept-encoding": "gzip" };
    for (const headers of [{}, packed])
      for (const path of ["/openapi.json", "/health", "/nothing"])
        expect((await bare({ path, headers })).headers["vary"]?.toString().toLowerCase()).toBe(
          "origin, accept-encoding",
        );
  });

  test("that is small is not compressed", async () => {
    const { headers, bytes } = await bare({ path: "/health", headers: { "accept-encoding": "gzip" } });
    expect(headers["content-encoding"]).toBeUndefined();
    expect(JSON.parse(bytes.toString())).toEqual({ status: "ok" });
  });

  test("that is a large problem document is compressed as well", async () => {
    const path = `/evaluations/trace-scores/${unknownId}?${"x=1&".repeat(10)}`;
    const small = await bare({ path, method: "DELETE", headers: { "accept-encoding": "gzip" } });
    expect([small.status, small.headers["content-encoding"]]).toEqual([404, undefined]);
    const query = Array.from({ length: 40 }, () => "tags=x").join("&");
    const large = await bare({
      path: `/traces?limit=x&offset=y&status=z&sort_by=a&sort_order=b&started_after=c&started_before=d&${query}`,
      headers: { "accept-encoding": "gzip" },
    });
    expect(large.headers["content-encoding"]).toBe("gzip");
    expect(large.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(large.headers["x-request-id"]).toBeTruthy();
    const problem = JSON.parse((await decompress.gzip(large.bytes)).toString());
    expect(problem).toMatchObject({ status: 422, code: "validation_error" });
  });

  test("to HEAD has no body, and 204 has neither body nor encoding", async () => {
    const headers = { "accept-encoding": "gzip" };
    const head = await bare({ path: "/openapi.json", method: "HEAD", headers });
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
    const api = server.current.api.as({ project: "compression" });
    const { id } = await createScore(api, await storeTrace(api));
    const gone = await bare({ path: `/evaluations/trace-scores/${id}`, method: "DELETE", headers });
    expect([gone.status, gone.bytes.length, gone.headers["content-encoding"]]).toEqual([204, 0, undefined]);
  });

  test("that is not read to its end does not harm the server", async () => {
    const path = await manyScores();
    for (let n = 0; n < 20; n += 1) {
      const abort = new AbortController();
      const response = await fetch(server.current.url + path, {
        headers: { "x-api-key": server.current.apiKey, "x-project-name": "compression" },
        signal: abort.signal,
      });
      expect(response.headers.get("content-encoding")).toBe("gzip");
      abort.abort();
    }
    expect((await bare({ path })).status).toBe(200);
  });
});

test("an answer that breaks before its first byte is a readable problem document", async () => {
  const app = fastify();
  onTestFinished(() => app.close());
  registerProblems(app);
  await registerCompression(app);
  const broken = () => Readable.from(brokenText());
  app.get("/broken", (_request, reply) => reply.type("application/json").send(broken()));
  const { statusCode, headers, body } = await app.inject({
    url: "/broken",
    headers: { "accept-encoding": "gzip" },
  });
  expect([statusCode, headers["content-encoding"]]).toEqual([422, undefined]);
  expect(JSON.parse(body)).toMatchObject({ code: "nothing_matches", detail: "Broken." });
});

test("an event stream is never compressed: each event arrives when it is sent", async () => {
  const app = fastify();
  onTestFinished(() => app.close());
  await registerCompression(app);
  const events = Array.from({ length: 1000 }, (_, n) => `data: ${n}\n\n`);
  app.get("/events", (_request, reply) => reply.type("text/event-stream").send(Readable.from(events)));
  const { headers, body } = await app.inject({ url: "/events", headers: { "accept-encoding": "gzip, br" } });
  expect(headers["content-encoding"]).toBeUndefined();
  expect(body).toBe(events.join(""));
});

async function* brokenText(): AsyncGenerator<string> {
  yield "[";
  throw new ProblemError("nothing_matches", "Broken.");
}
