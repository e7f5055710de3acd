import { contract, keyScopes, type RouteMetadata, type ServerSettings } from "@pandaprobe/contract";
import { toTraceId } from "@pandaprobe/contract/otel";
import type { AppRoute } from "@ts-rest/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { findText } from "../support/find-text.ts";
import { trials } from "../support/nightly.ts";
import {
  attribute,
  evaluation,
  exportJson,
  inProtobuf,
  logRequest,
  newTrace,
  otlpRequest,
  otlpSpan,
  protobufHeaders,
} from "../support/otlp.ts";
import { readTrace, spanBody, storeTrace, storeTraces, traceBody } from "../support/traces.ts";
import { addKey } from "./support/add-key.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createQueue } from "./support/reviews.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer({
  environment: {
    MASKING_RULES: JSON.stringify({
      email: true,
      card: true,
      api_key: true,
      credentials: true,
      customer: { keys: ["ssn"], paths: ["input.customer"], patterns: ["CUST-[0-9]{12}"] },
    }),
  },
});

const started_at = "2026-03-01T09:00:01Z";
const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{${count}}$`));
const letters = (count: number) => fc.stringMatching(new RegExp(`^[a-z]{${count}}$`));

/** Texts that rules hide wherever they are. */
const secret = fc.oneof(
  letters(12).map((name) => `${name}@example.com`),
  digits(15).map((body) => withCheckDigit(`4${body.slice(1)}`)),
  letters(20).map((key) => `sk-${key}0`),
  digits(12).map((number) => `CUST-${number}`),
);

function withCheckDigit(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, n) => {
    const value = Number(digit) * (n % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return body + String((10 - (sum % 10)) % 10);
}

/** Wraps a secret in what agents write, at any depth. */
const wrapping = fc.array(
  fc.constantFrom<(value: unknown) => unknown>(
    (value) => (typeof value === "string" ? `Say "${value}" to them.` : value),
    (value) => [1, value],
    (value) => ({ content: value }),
    (value) => JSON.stringify({ arguments: value }),
    (value) => ({ role: "user", parts: [{ text: value }] }),
  ),
  { maxLength: 5 },
);
const carrier = fc
  .tuple(secret, wrapping)
  .map(([text, wraps]) => ({ text, value: wraps.reduce((value, wrap) => wrap(value), text as unknown) }));

interface Carrier {
  readonly text: string;
  readonly value: unknown;
}

/** A value that is only secret by the name of its field. */
const hidden = (text: string) => ({ password: `by name ${text}`, deep: [{ ssn: { a: `by name ${text}` } }] });

const spanWith = ({ text, value }: Carrier, fields: object = {}) =>
  spanBody({
    kind: "LLM",
    name: `call ${text}`,
    input: { value, ...hidden(text) },
    output: JSON.stringify(hidden(text)),
    error: `failed for ${text}`,
    metadata: { value },
    model_parameters: { value, ...hidden(text) },
    ...fields,
  });
const traceWith = (carried: Carrier, fields: object = {}) =>
  traceBody({
    name: `ask ${carried.text}`,
    input: { customer: `by path ${carried.text}`, value: carried.value },
    output: carried.value,
    metadata: { value: carried.value, ...hidden(carried.text) },
    tags: [`tag ${carried.text}`, "kept tag"],
    environment: carried.text,
    release: carried.text,
    session_id: "a session",
    spans: [spanWith(carried)],
    ...fields,
  });

/** Large enough to be masked in a thread. */
const padding = "Nothing to see. ".repeat(20_000);

const expectStored = ({ status, body }: { readonly status: number; readonly body: unknown }) =>
  expect(status, JSON.stringify(body)).toBeLessThan(300);

/** Sends a secret by every operation whose body may hold one. */
const ways: Readonly<Record<string, (api: ApiClient, carried: Carrier) => Promise<void>>> = {
  async "POST /traces"(api, carried) {
    expectStored(await api.post("/traces", traceWith(carried)));
  },
  async "POST /traces, large"(api, carried) {
    expectStored(
      await api.post("/traces", traceWith(carried, { metadata: { padding, value: carried.value } })),
    );
  },
  async "POST /traces/batch"(api, carried) {
    const { status, body } = await api.post("/traces/batch", { traces: [traceWith(carried), 7] });
    expect([status, body]).toMatchObject([202, { accepted: 1, rejected: 1 }]);
  },
  async "POST /traces, again, with an Idempotency-Key"(api, carried) {
    const trace_id = await storeTrace(api);
    const headers = { "idempotency-key": "once" };
    expectStored(await api.post("/traces", traceWith(carried, { trace_id, unknown: carried.text }), headers));
  },
  async "PATCH /traces"(api, carried) {
    const { spans: _, started_at: __, ...fields } = traceWith(carried);
    expectStored(await api.patch(`/traces/${await storeTrace(api)}`, fields));
  },
  async "POST /traces/batch/tags"(api, { text }) {
    const id = await storeTrace(api);
    expectStored(await api.post("/traces/batch/tags", { trace_ids: [id], add: [text], remove: [text] }));
  },
  async "POST and PATCH spans"(api, carried) {
    const traceId = await storeTrace(api);
    const { body } = await api.post<{ span_ids: string[] }>(`/traces/${traceId}/spans`, [spanWith(carried)]);
    const { started_at: _, ...fields } = spanWith(carried);
    expectStored(await api.patch(`/traces/${traceId}/spans/${body.span_ids[0]}`, fields));
  },
  async scores(api, { text, value }) {
    const span_id = "00000000-0000-0000-0000-000000000001";
    const trace_id = await storeTrace(api, { session_id: "s", spans: [spanBody({ span_id })] });
    const fields = { reason: `because of ${text}`, metadata: { value, ...hidden(text) } };
    const score = { name: "quality", data_type: "NUMERIC", value: "0.5", ...fields };
    const targets = {
      "trace-scores": { trace_id },
      "session-scores": { session_id: "s" },
      "span-scores": { trace_id, span_id },
    };
    for (const [kind, target] of Object.entries(targets)) {
      const made = await api.post<{ id: string }>(`/evaluations/${kind}`, { ...target, ...score });
      expectStored(made);
      expectStored(await api.patch(`/evaluations/${kind}/${made.body.id}`, fields));
    }
  },
  async "a review"(api, { text }) {
    await storeTraces(api, 2);
    const queue = await createQueue(api);
    const first = await queue.claimed("ana");
    await queue.complete(first.id, "ana", "0.5", { reason: `because of ${text}` });
    const second = await queue.claimed("ana");
    await queue.skip(second.id, "ana", `I know ${text}`);
  },
  async "POST /v1/traces and /v1/logs"(api, { text, value }) {
    const traceId = newTrace();
    const content = typeof value === "string" ? value : JSON.stringify(value);
    const span = otlpSpan(traceId, 1, {
      name: `chat ${text}`,
      status: { code: 2, message: `failed for ${text}` },
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.agent.name": `agent ${text}`,
        "input.value": content,
        "output.value": JSON.stringify(hidden(text)),
        "tag.tags": [text, "kept tag"],
        "http.request.header.authorization": `by name ${text}`,
        mine: content,
      },
      events: [
        {
          timeUnixNano: "1",
          name: "exception",
          attributes: [{ key: "exception.message", value: { stringValue: text } }],
        },
      ],
    });
    const resource = { "service.version": text, "deployment.environment": text, "service.owner": text };
    const request = otlpRequest([span], resource);
    const log = evaluation(traceId, { attributes: { "gen_ai.evaluation.explanation": text, mine: text } });
    const message = {
      traceId,
      spanId: span.spanId,
      timeUnixNano: "5",
      eventName: "gen_ai.user.message",
      body: { kvlistValue: { values: [attribute("content", `I said ${text}`), attribute("mine", content)] } },
    };
    expectStored(await exportJson(api, logRequest([log, message]), "/v1/logs"));
    expectStored(await exportJson(api, request));
    expectStored(await api.sendRaw("POST", "/v1/traces", inProtobuf(request), protobufHeaders));
    expectStored(await exportJson(api, logRequest([{ ...log, timeUnixNano: "7" }]), "/v1/logs"));
  },
};

describe("what masking rules hide", () => {
  test.each(Object.entries(ways))("is in no table after %s", async (_, send) => {
    const sent: string[] = [];
    await fc.assert(
      fc.asyncProperty(carrier, async (carried) => {
        sent.push(carried.text);
        await send(server.project(), carried);
      }),
      trials(3, 100),
    );
    const { url } = server.current.database;
    expect(await findText(url, "by name", "by path", ...sent)).toEqual([]);
  });

  test("covers exactly the content that agents and their reviewers write", async () => {
    const { url } = server.current.database;
    expect(await findText(url, "kept tag")).toContain("traces.tags");
    expect(await findText(url, "[masked: email]")).toEqual(
      expect.arrayContaining(["session_scores.reason", "span_scores.reason", "spans.input", "traces.tags"]),
    );
    const bodies = Object.values(contract).flatMap((router) =>
      Object.entries<AppRoute>(router).filter(([, route]) => "body" in route && !isEmpty(route.body)),
    );
    const unmasked = bodies.filter(([, route]) => (route.metadata as RouteMetadata).masked === undefined);
    // An operation that takes what agents or people write needs `masked` in its metadata, and a way above.
    expect(unmasked.map(([name]) => name).sort()).toEqual([
      "claimReviewItem",
      "compareScores",
      "computeAgreement",
      "createApiKey",
      "createMonitor",
      "createReviewQueue",
      "createSessionRun",
      "createSessionRunBatch",
      "createTraceRun",
      "createTraceRunBatch",
      "deleteTraces",
      "estimateSessionRun",
      "estimateTraceRun",
      "putMetric",
      "releaseReviewItem",
      "retrySessionRun",
      "retryTraceRun",
      "rotateApiKey",
      "tryMetric",
      "updateMonitor",
      "updateReviewQueue",
    ]);
  });
});

function isEmpty(body: unknown): boolean {
  return typeof body === "symbol";
}

test("masked traces are marked, and keep ids, numbers and the names of fields", async () => {
  const api = server.project();
  const id = await storeTrace(api, {
    name: "mail for ann@example.com",
    user_id: "ann@example.com",
    input: { customer: { name: "Ann" }, "a@example.com": 4111111111111111, ssn: 7 },
    tags: ["ann@example.com", "bob@example.com"],
    spans: [spanBody({ token_usage: { total_tokens: 4 }, output: '{"password": "p", "n": 1}' })],
  });
  expect(await readTrace(api, id)).toMatchObject({
    name: "mail for [masked: email]",
    user_id: "ann@example.com",
    input: {
      customer: "[masked: customer]",
      "a@example.com": 4111111111111111,
      ssn: "[masked: customer]",
    },
    tags: ["[masked: email]"],
    total_tokens: 4,
    spans: [{ output: '{"password":"[masked: credentials]","n":1}' }],
  });
});

test("spans of OpenTelemetry make the same masked trace in any order", async () => {
  const api = server.project();
  const traceId = newTrace();
  const root = otlpSpan(traceId, 1, {
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "input.value": "I am ann@example.com",
      "tag.tags": ["a@b.example"],
    },
  });
  const call = otlpSpan(traceId, 2, {
    parentSpanId: root.spanId,
    attributes: { "gen_ai.operation.name": "chat", "output.value": "Hello ann@example.com" },
  });
  for (const span of [call, root, call]) expectStored(await exportJson(api, otlpRequest([span])));
  expect(await readTrace(api, toTraceId(traceId))).toMatchObject({
    input: "I am [masked: email]",
    output: "Hello [masked: email]",
    tags: ["[masked: email]"],
  });
});

test("the name that an agent gives its trace is masked", async () => {
  const api = server.project();
  const traceId = newTrace();
  const root = otlpSpan(traceId, 1, { name: "invocation" });
  const agent = otlpSpan(traceId, 2, { name: "agent_run [ann@example.com]", parentSpanId: root.spanId });
  for (const span of [root, agent])
    expectStored(await exportJson(api, otlpRequest([span], {}, "gcp.vertex.agent")));
  expect(await readTrace(api, toTraceId(traceId))).toMatchObject({ name: "[masked: email]" });
});

test.each([0, 100_000])(
  "a body that is no JSON is refused as without masking, with %i bytes before",
  async (size) => {
    const api = server.project();
    const send = (text: string) =>
      api.sendRaw("POST", "/traces", text, { "content-type": "application/json" });
    expectProblem(await send(`${" ".repeat(size)}{"name": }`), "malformed_json");
    const { status } = await send(`${" ".repeat(size)}${JSON.stringify({ started_at })}`);
    expect(status).toBe(422);
  },
);

test("GET /settings shows only the names of the rules", async () => {
  const apiKey = await addKey(server.current.database.url, "default", { scopes: keyScopes, projects: null });
  const { body } = await server.current.api.as({ apiKey }).get<ServerSettings>("/settings");
  expect(body.masking_rules).toEqual(["email", "card", "api_key", "credentials", "customer"]);
  expect(JSON.stringify(body)).not.toContain("CUST");
});
