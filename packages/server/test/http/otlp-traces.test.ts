import { randomBytes } from "node:crypto";
import { request as openRequest } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { TracePage, TraceResponse } from "@pandaprobe/contract";
import { toTraceId } from "@pandaprobe/contract/otel";
import fc from "fast-check";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import {
  evaluation,
  exportJson,
  fromProtobuf,
  inProtobuf,
  nanos,
  newTrace,
  type OtlpSpan,
  otlpRequest,
  otlpSpan,
  protobufHeaders,
} from "../support/otlp.ts";
import { readTrace } from "../support/traces.ts";
import { addKey } from "./support/add-key.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { newProject, useHttpServer } from "./support/use-http-server.ts";

/** The lines of the log about errors. */
const errors: string[] = [];
const server = useHttpServer({
  environment: { BODY_LIMIT_VALUES: "1000000" },
  log: pino({ level: "error" }, { write: (line) => errors.push(line) }),
});
const database = databaseBehind(server);

const chat = (n: number, traceId: string, more: object = {}) =>
  otlpSpan(traceId, n, {
    parentSpanId: "0000000000000001",
    attributes: { "gen_ai.operation.name": "chat" },
    ...more,
  });
const root = (traceId: string, more: object = {}) =>
  otlpSpan(traceId, 1, {
    name: "invoke_agent",
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "support-agent",
      "session.id": 7,
      "user.id": "u",
      "tag.tags": ["beta"],
      "input.value": "asked",
      tier: "gold",
    },
    ...more,
  });

async function stored(
  api: ApiClient,
  spans: readonly OtlpSpan[],
  traceId: string,
  scope?: string,
): Promise<TraceResponse> {
  const answer = await exportJson(api, otlpRequest(spans, {}, scope));
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200, body: {} });
  return readTrace(api, toTraceId(traceId));
}

describe("POST /v1/traces", () => {
  test("stores the same trace from JSON and from protobuf, compressed or not", async () => {
    const api = server.project();
    const traces: TraceResponse[] = [];
    for (const form of ["json", "protobuf", "gzip"]) {
      const traceId = newTrace();
      const request = otlpRequest(
        [
          root(traceId, { status: { code: 2, message: "failed" } }),
          chat(2, traceId, {
            startTimeUnixNano: nanos(1_500_000_001),
            endTimeUnixNano: nanos(2_000_000_000),
            kind: 3,
            attributes: {
              "gen_ai.operation.name": "chat",
              "output.value": "answered",
              big: "725653563933458432",
              half: 0.5,
            },
            events: [{ name: "retry", timeUnixNano: nanos(1_600_000_000), attributes: [] }],
          }),
        ],
        { "service.name": "shop", "service.version": "2.0" },
      );
      const bytes = inProtobuf(request);
      const { status, body } =
        form === "json"
          ? await exportJson(api, request)
          : form === "protobuf"
            ? await api.sendRaw("POST", "/v1/traces", bytes, protobufHeaders)
            : await api.sendRaw("POST", "/v1/traces", new Uint8Array(await promisify(gzip)(bytes)), {
                ...protobufHeaders,
                "content-encoding": "gzip",
              });
      expect([status, body]).toEqual([200, form === "json" ? {} : ""]);
      traces.push(await readTrace(api, toTraceId(traceId)));
    }
    const [first] = traces;
    expect(first).toMatchObject({
      name: "support-agent",
      status: "ERROR",
      input: "asked",
      output: "answered",
      session_id: "7",
      user_id: "u",
      tags: ["beta"],
      release: "2.0",
      metadata: { tier: "gold", "service.name": "shop" },
      started_at: "2026-03-01T09:00:00.000Z",
      ended_at: "2026-03-01T09:00:01.000Z",
      spans: [
        {
          span_id: "00000000-0000-0000-0000-000000000001",
          parent_span_id: null,
          kind: "AGENT",
          error: "failed",
        },
        {
          kind: "LLM",
          started_at: "2026-03-01T09:00:01.500Z",
          metadata: { half: 0.5, events: [{ name: "retry" }] },
        },
      ],
    });
    const same = traces.map((trace) => JSON.stringify(trace).replaceAll(trace.trace_id, ""));
    expect(new Set(same).size).toBe(1);
  });

  test("takes a key as a bearer token, and the project from the service's name", async () => {
    const name = `shop/${newProject()}`;
    const traceId = newTrace();
    const send = (headers: Record<string, string>, resource: object) =>
      fetch(`${server.current.url}/v1/traces`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(otlpRequest([root(traceId)], { ...resource })),
      });
    const bearer = { authorization: `Bearer ${server.current.apiKey}` };
    expect((await send(bearer, { "service.name": name })).status).toBe(200);
    expect((await send(bearer, { "service.name": "unknown_service:node" })).status).toBe(200);
    for (const project of [name.replace("/", "-"), "default"]) {
      const api = server.current.api.as({ project });
      expect(await readTrace(api, toTraceId(traceId))).toMatchObject({ name: "support-agent" });
    }
    const refused = await send({ authorization: "Bearer sk_pp_0" }, {});
    expect([refused.status, await refused.json()]).toMatchObject([401, { code: 16 }]);
  });

  test("puts each resource into its project, and rejects those that the key cannot access", async () => {
    const [open, closed] = [newProject(), newProject()];
    const key = await addKey(server.current.database.url, "default", {
      scopes: ["ingest"],
      projects: [open],
    });
    const traceId = newTrace();
    const request = {
      resourceSpans: [open, closed].map((name) => ({
        resource: { attributes: [{ key: "service.name", value: { stringValue: name } }] },
        scopeSpans: [{ spans: [root(traceId), chat(2, traceId)] }],
      })),
    };
    const answer = await fetch(`${server.current.url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": key },
      body: JSON.stringify(request),
    });
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { partialSuccess: { rejectedSpans: "2", errorMessage: expect.stringContaining(closed) } },
    ]);
    const read = (project: string) =>
      server.current.api
        .as({ project })
        .get<TracePage>("/traces")
        .then(({ body }) => body.total);
    expect([await read(open), await read(closed)]).toEqual([1, 0]);
  });

  test("takes 100 projects in a request, and rejects items of others", async () => {
    const traceId = newTrace();
    const names = Array.from({ length: 102 }, () => newProject());
    const resources = names.map((name) => ({
      attributes: [{ key: "service.name", value: { stringValue: name } }],
    }));
    const resourceSpans = resources.map((resource) => ({
      resource,
      scopeSpans: [{ spans: [root(traceId)] }],
    }));
    const resourceLogs = resources.map((resource) => ({
      resource,
      scopeLogs: [{ logRecords: [evaluation(traceId)] }],
    }));
    const errorMessage = expect.stringContaining("at most 100 projects");
    const send = async (path: string, request: object) => {
      const answer = await fetch(server.current.url + path, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${server.current.apiKey}` },
        body: JSON.stringify(request),
      });
      return answer.json();
    };
    expect(await send("/v1/traces", { resourceSpans })).toMatchObject({
      partialSuccess: { rejectedSpans: "2", errorMessage },
    });
    expect(await send("/v1/logs", { resourceLogs })).toMatchObject({
      partialSuccess: { rejectedLogRecords: "2", errorMessage },
    });
  });

  test("stores readable items, and counts the others with the reason", async () => {
    const api = server.project();
    const traceId = newTrace();
    const bad = [
      { ...chat(3, traceId), spanId: "12" },
      { ...chat(4, traceId), startTimeUnixNano: "0" },
      { ...chat(5, traceId), attributes: "none" },
      { ...chat(6, traceId), traceId: "0".repeat(32) },
      7,
    ];
    const sent = otlpRequest([root(traceId), ...bad.slice(0, 4)] as OtlpSpan[]);
    const { status, body } = await exportJson(api, sent);
    expect(status).toBe(200);
    expect(body.partialSuccess?.rejectedSpans).toBe("4");
    expect(body.partialSuccess?.errorMessage).toMatch(
      /spanId must have 8 bytes.*startTimeUnixNano.*attributes must be a list/s,
    );
    expect((await readTrace(api, toTraceId(traceId))).spans).toHaveLength(1);
    expect((await exportJson(api, otlpRequest(bad as OtlpSpan[]))).body.partialSuccess?.rejectedSpans).toBe(
      "1",
    );
    const large = chat(8, traceId, { attributes: { page: "x".repeat(1_100_000) } });
    const cut = await exportJson(api, otlpRequest([large]));
    expect(cut.body.partialSuccess?.errorMessage).toMatch(/metadata: larger than 1000000 bytes/);
    expect(cut.body.partialSuccess?.rejectedSpans).toBeUndefined();
  });

  test("rejects a span with an object without a text in place of a text, and stores the others", async () => {
    const traceId = newTrace();
    const type = { toString: 1, valueOf: 1 };
    const messages = JSON.stringify([{ role: "user", content: [{ type }] }]);
    const odd = chat(2, traceId, { attributes: { "gen_ai.input.messages": messages } });
    const api = server.project();
    const sent = otlpRequest([root(traceId), odd, { ...chat(3, traceId), flags: type }]);
    expect(await exportJson(api, sent)).toMatchObject({
      status: 200,
      body: { partialSuccess: { rejectedSpans: "2" } },
    });
    expect((await readTrace(api, toTraceId(traceId))).spans).toHaveLength(1);
  });

  test("keeps an integer that is none as a text", async () => {
    const traceId = newTrace();
    const sent = [true, "7", 7, "9007199254740993", "seven", 1.5];
    const attributes = sent.map((intValue, n) => ({ key: `tried.${n}`, value: { intValue } }));
    const trace = await stored(server.project(), [{ ...root(traceId), attributes }], traceId);
    expect(trace.metadata).toEqual({
      "tried.0": "true",
      "tried.1": 7,
      "tried.2": 7,
      "tried.3": "9007199254740993",
      "tried.4": "seven",
      "tried.5": "1.5",
    });
  });

  test("stores any text", async () => {
    const api = server.project();
    const traceId = newTrace();
    const text = "a\0b\ud800c";
    const span = root(traceId, {
      name: text,
      attributes: {
        "input.value": text,
        [`k${text}`]: text,
        "session.id": text,
        "user.id": "u".repeat(300),
        "tag.tags": [text],
      },
      status: { code: 2, message: text },
    });
    const trace = await stored(api, [span], traceId);
    const clean = "a\ufffdb\ufffdc";
    expect(trace).toMatchObject({
      name: clean,
      input: clean,
      session_id: clean,
      tags: [clean],
      metadata: { [`k${clean}`]: clean },
    });
    expect(trace.user_id).toHaveLength(255);
  });
});

/** A resource with a list in a list, and so on. protobufjs would not encode it. */
function nestedLists(levels: number): Uint8Array<ArrayBuffer> {
  const [resourceSpans, resource, attributes, value, arrayValue, values] = [
    0x0a, 0x0a, 0x0a, 0x12, 0x2a, 0x0a,
  ];
  const lists = Array.from({ length: levels }, () => [arrayValue, values]).flat();
  const fields = [resourceSpans, resource, attributes, value, ...lists];
  const length = (bytes: number) => (bytes < 128 ? [bytes] : [(bytes & 127) | 128, bytes >> 7]);
  const bytes: number[] = [];
  for (const field of fields.toReversed()) bytes.unshift(field, ...length(bytes.length));
  return new Uint8Array(bytes);
}

describe("a refused request to /v1", () => {
  const send = async (
    bytes: Uint8Array<ArrayBuffer> | string,
    headers: Record<string, string>,
    path = "/v1/traces",
  ) => {
    const answer = await fetch(server.current.url + path, {
      method: "POST",
      headers: { "x-api-key": server.current.apiKey, "x-project-name": "test", ...headers },
      body: bytes,
    });
    return { answer, bytes: new Uint8Array(await answer.arrayBuffer()) };
  };
  const statusOf = ({ answer, bytes }: Awaited<ReturnType<typeof send>>) => {
    const isProtobuf = answer.headers.get("content-type") === "application/x-protobuf";
    const status = isProtobuf
      ? fromProtobuf("status", bytes)
      : (JSON.parse(Buffer.from(bytes).toString()) as object);
    return { http: answer.status, isProtobuf, ...status };
  };

  test.each([
    ["garbage", new Uint8Array(randomBytes(1_000)), {}],
    ["a message that ends early", new Uint8Array([10, 100, 1]), {}],
    ["values that nest too deep", nestedLists(60), {}],
    ["damaged gzip", new Uint8Array([1, 2, 3]), { "content-encoding": "gzip" }],
  ])("answers 400 in protobuf: %s", async (_what, bytes, headers) => {
    const status = statusOf(await send(bytes, { ...protobufHeaders, ...headers }));
    expect(status).toMatchObject({
      http: 400,
      isProtobuf: true,
      code: 3,
      message: expect.stringMatching(/^The body/),
    });
  });

  const nested = `${'{"arrayValue":{"values":['.repeat(200)}{}${"]}}".repeat(200)}`;
  test.each([
    ["no JSON", "{", 400],
    [
      "JSON that nests too deep",
      `{"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":${nested}}]}}]}`,
      400,
    ],
    ["too many values", `{"a":[${"1,".repeat(1_000_001)}1]}`, 413],
  ])("answers in JSON: %s", async (_what, text, http) => {
    expect(statusOf(await send(text, { "content-type": "application/json" }))).toMatchObject({
      http,
      isProtobuf: false,
    });
  });

  test("answers 413 for 50 MB, even compressed, or for many empty values", async () => {
    const zeros = Buffer.alloc(50_000_000);
    const packed = new Uint8Array(await promisify(gzip)(zeros));
    const large = statusOf(await send(new Uint8Array(zeros), protobufHeaders));
    const bomb = statusOf(await send(packed, { ...protobufHeaders, "content-encoding": "gzip" }));
    const values = statusOf(
      await send(new Uint8Array(Buffer.from("0a00".repeat(1_000_001), "hex")), protobufHeaders),
    );
    for (const status of [large, bomb, values]) expect(status).toMatchObject({ http: 413, isProtobuf: true });
  });

  test("is not logged as a failure if its client has left", async () => {
    const { url, api } = server.current;
    const spans = Array.from({ length: 20_000 }, (_, n) => otlpSpan(newTrace(), n + 1));
    const headers = { ...api.headers, "content-type": "application/json" };
    const leaving = openRequest(`${url}/v1/traces`, { method: "POST", headers });
    leaving.on("error", () => undefined);
    const hasSent = Promise.withResolvers<void>();
    leaving.end(JSON.stringify(otlpRequest(spans)), () => hasSent.resolve());
    await hasSent.promise;
    // Once it has sent an answer, the server has read the body, and its thread is busy.
    await fetch(`${url}/health`);
    leaving.destroy();
    await exportJson(api, otlpRequest([root(newTrace())]));
    expect(errors).toEqual([]);
  });

  test("answers 404, 405, 415 and 422 as a status", async () => {
    const get = await fetch(`${server.current.url}/v1/traces`);
    expect([get.status, get.headers.get("allow"), await get.json()]).toMatchObject([
      405,
      "POST",
      { code: 3 },
    ]);
    expect(statusOf(await send("a", { "content-type": "text/plain" }))).toMatchObject({ http: 415, code: 3 });
    expect(statusOf(await send("{}", { "content-type": "application/json" }, "/v1/metrics"))).toMatchObject({
      http: 404,
      code: 5,
    });
    expect(
      statusOf(await send("{}", { "content-type": "application/json", "x-project-name": "?" })),
    ).toMatchObject({ http: 422, code: 3 });
  });
});

describe("the spans of a trace", () => {
  test("may arrive over time: a late root renames it, and a client's changes stay", async () => {
    const api = server.project();
    const traceId = newTrace();
    const id = toTraceId(traceId);
    const first = await stored(api, [chat(3, traceId, { name: "first step" })], traceId);
    expect(first).toMatchObject({ name: "first step", status: "RUNNING", ended_at: null });
    await api.patch(`/traces/${id}`, { metadata: { reviewed: true }, tags: ["mine"] });
    const rooted = await stored(api, [root(traceId)], traceId);
    expect(rooted).toMatchObject({
      name: "support-agent",
      status: "COMPLETED",
      tags: ["mine", "beta"],
      metadata: { reviewed: true, tier: "gold" },
    });
    await api.patch(`/traces/${id}`, { name: "renamed", tags: ["mine"] });
    const late = await stored(api, [chat(9, traceId), root(traceId)], traceId);
    expect(late).toMatchObject({ name: "renamed", tags: ["mine"], spans: [{}, {}, {}] });
  });

  test("over the limit of a trace are rejected, and the others stored", async () => {
    const api = server.project();
    const [small, large] = [newTrace(), newTrace()];
    const spans = (from: number) => Array.from({ length: 10_001 }, (_, n) => otlpSpan(large, from + n));
    expect((await exportJson(api, otlpRequest(spans(1)))).body).toEqual({});
    const { body } = await exportJson(api, otlpRequest([...spans(20_000), root(small)]));
    expect(body.partialSuccess?.rejectedSpans).toBe("10001");
    expect(await readTrace(api, toTraceId(small))).toMatchObject({ name: "support-agent" });
  }, 30_000);

  test("make the same trace in any order, split in any way, and repeated", async () => {
    const api = server.project();
    const kinds = ["chat", "invoke_agent", "execute_tool", "none"];
    const spanOf = fc.record({
      name: fc.constantFrom("step", "invocation", "agent_run [a]", "agent_run [b]"),
      parent: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
      start: fc.integer({ min: 0, max: 3 }),
      end: fc.integer({ min: 0, max: 5 }),
      kind: fc.constantFrom(...kinds),
      flags: fc.constantFrom(0, 0x100, 0x300),
      error: fc.boolean(),
      attributes: fc.dictionary(
        fc.constantFrom("input.value", "output.value", "session.id", "user.id", "tag.tags", "tier"),
        fc.constantFrom("a", "b", "c"),
      ),
    });
    const plan = fc.record({
      scope: fc.constantFrom("test", "gcp.vertex.agent"),
      spans: fc.array(spanOf, { minLength: 1, maxLength: 7 }),
      seed: fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 14, maxLength: 14 }),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ scope, spans, seed }) => {
        const build = (traceId: string) =>
          spans.map(({ name, parent, start, end, kind, flags, error, attributes }, n) =>
            otlpSpan(traceId, n + 1, {
              name,
              ...(parent === undefined ? {} : { parentSpanId: parent.toString(16).padStart(16, "0"), flags }),
              startTimeUnixNano: nanos(start * 1_000_001),
              endTimeUnixNano: nanos(end * 1_000_001),
              status: { code: error ? 2 : 0 },
              attributes: { "gen_ai.operation.name": kind, ...attributes },
            }),
          );
        const [whole, pieces] = [newTrace(), newTrace()];
        const expected = await stored(api, build(whole), whole, scope);
        const shuffled = [...build(pieces), ...build(pieces)]
          .map((span, n) => ({ span, key: (seed[n] ?? 0) * 100 + n }))
          .sort((a, b) => a.key - b.key)
          .map(({ span }) => span);
        let last: TraceResponse | undefined;
        for (let from = 0; from < shuffled.length; ) {
          const size = 1 + ((seed[from] ?? 0) % 4);
          last = await stored(api, shuffled.slice(from, from + size), pieces, scope);
          from += size;
        }
        const comparable = (trace: TraceResponse | undefined) =>
          JSON.parse(JSON.stringify(trace).replaceAll(trace?.trace_id ?? "", "")) as object;
        expect(comparable(last)).toEqual(comparable(expected));
        // The text that a judge reads has the same hash, so only a change makes a score stale.
        const ids = [whole, pieces].map(toTraceId);
        const rows = await database.run(
          "select distinct content_hash::text from traces where trace_id = any($1)",
          [ids],
        );
        expect(rows).toHaveLength(1);
      }),
      { numRuns: 30, seed: 4711 },
    );
  });
});
