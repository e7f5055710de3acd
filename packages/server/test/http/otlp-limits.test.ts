import { expect, test } from "vitest";
import {
  exportJson,
  fromProtobuf,
  inProtobuf,
  newTrace,
  otlpRequest,
  otlpSpan,
  protobufHeaders,
} from "../support/otlp.ts";
import { startTestServer } from "../support/test-server.ts";
import { addKey } from "./support/add-key.ts";
import { newProject, useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer({
  environment: { QUOTA_TRACES: "2", QUOTA_BYTES: "200000", RATE_LIMIT_REQUESTS_PER_MINUTE: "20" },
});

const newSpan = (more: Parameters<typeof otlpSpan>[2] = {}) => otlpSpan(newTrace(), 1, more);

/** A project of its own, and a key of its own, because requests are counted by key. */
async function newcomer() {
  return server.project().as({ apiKey: await addKey(server.current.database.url) });
}

test("a key over its rate limit gets a 429 with the time to wait, in the encoding of the request", async () => {
  const api = await newcomer();
  const bytes = inProtobuf(otlpRequest([newSpan()]));
  for (let n = 0; n < 20; n += 1) await api.sendRaw("POST", "/v1/traces", bytes, protobufHeaders);
  const inJson = await exportJson(api, otlpRequest([newSpan()]));
  expect(inJson).toMatchObject({
    status: 429,
    body: { code: 8, message: expect.stringMatching(/^At most 20/) },
  });
  const { status, headers } = await api.sendRaw("POST", "/v1/traces", bytes, protobufHeaders);
  expect([status, headers.get("content-type")]).toEqual([429, "application/x-protobuf"]);
  for (const answer of [inJson.headers, headers]) {
    expect(Number(answer.get("retry-after"))).toBeGreaterThan(0);
    expect(answer.get("ratelimit-limit")).toBe("20");
  }
});

test.each([
  ["traces", 2, {}, /may have 2 traces/],
  ["bytes", 1, { attributes: { page: "x".repeat(110_000) } }, /may have 200000 bytes/],
])(
  "a project over its quota of %s gets a 429, and loses nothing that it holds",
  async (_quota, held, more, reason) => {
    const api = await newcomer();
    for (let n = 0; n < held; n += 1) {
      expect((await exportJson(api, otlpRequest([newSpan(more)]))).body).toEqual({});
    }
    const refused = await exportJson(api, otlpRequest([newSpan()]));
    expect(refused).toMatchObject({ status: 429, body: { code: 8, message: expect.stringMatching(reason) } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await api.get("/traces")).body).toMatchObject({ total: held });
  },
);

test("if one of several projects is over its quota, its spans are rejected, and the others stored", async () => {
  const apiKey = await addKey(server.current.database.url);
  const [full, open] = [newProject(), newProject()];
  const of = (name: string) => otlpRequest([newSpan()], { "service.name": name });
  const asService = (request: object) =>
    fetch(`${server.current.url}/v1/traces`, {
      method: "POST",
      headers: { "x-api-key": apiKey, "content-type": "application/json" },
      body: JSON.stringify(request),
    });
  for (let n = 0; n < 2; n += 1) await asService(of(full));
  const both = { resourceSpans: [full, open].flatMap((name) => Object.values(of(name)).flat()) };
  const answer = await asService(both);
  expect([answer.status, await answer.json()]).toMatchObject([
    200,
    { partialSuccess: { rejectedSpans: "1", errorMessage: expect.stringMatching(/may have 2 traces/) } },
  ]);
  const api = server.current.api.as({ apiKey, project: open });
  expect((await api.get("/traces")).body).toMatchObject({ total: 1 });
});

test("while the database is unavailable, the response is a 503 that says when to send again", async () => {
  const broken = await startTestServer({ role: "api" });
  const bytes = inProtobuf(otlpRequest([newSpan()]));
  await exportJson(broken.api, otlpRequest([newSpan()]));
  await broken.database.drop();
  const answer = await fetch(`${broken.url}/v1/traces`, {
    method: "POST",
    headers: { ...broken.api.headers, ...protobufHeaders },
    body: bytes,
  });
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(fromProtobuf("status", new Uint8Array(await answer.arrayBuffer()))).toMatchObject({ code: 14 });
  await broken.server.stop();
});
