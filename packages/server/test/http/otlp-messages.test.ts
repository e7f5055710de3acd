import { isDeepStrictEqual } from "node:util";
import type { ProjectUsage, SpanResponse, TraceResponse, TraceScoreResponse } from "@pandaprobe/contract";
import { toTraceId } from "@pandaprobe/contract/otel";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { purgeMessages } from "../../src/features/traces/waiting-messages.ts";
import type { ApiClient } from "../support/api-client.ts";
import {
  exportJson,
  inProtobuf,
  loggedMessage,
  logRequest,
  nanos,
  newTrace,
  type OtlpSpan,
  otlpRequest,
  otlpSpan,
  protobufHeaders,
} from "../support/otlp.ts";
import { testPool } from "../support/test-pool.ts";
import { readTrace, storeTrace } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { newProject, useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer({ role: "all" });
const database = databaseBehind(server);

const path = "/v1/logs";

type Fields = Readonly<Record<string, unknown>>;

const agent = (traceId: string) =>
  otlpSpan(traceId, 1, {
    name: "invoke_agent",
    attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "support" },
  });
const call = (traceId: string, n: number, attributes: Readonly<Record<string, unknown>> = {}) =>
  otlpSpan(traceId, n, {
    name: "chat",
    parentSpanId: "0000000000000001",
    startTimeUnixNano: nanos(n * 1_000_000),
    endTimeUnixNano: nanos(n * 1_000_000 + 500),
    attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", ...attributes },
  });
const user = (span: OtlpSpan, content: unknown, more: Fields = {}) =>
  loggedMessage(span, "gen_ai.user.message", { content }, more);
const choice = (span: OtlpSpan, content: unknown, more: Fields = {}) =>
  loggedMessage(span, "gen_ai.choice", { index: 0, finish_reason: "stop", message: { content } }, more);

async function log(api: ApiClient, ...records: unknown[]) {
  const { status, body } = await exportJson(api, logRequest(records), path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.partialSuccess;
}

async function traced(api: ApiClient, ...spans: readonly OtlpSpan[]): Promise<void> {
  expect(await exportJson(api, otlpRequest(spans))).toMatchObject({ status: 200, body: {} });
}

const readOf = (api: ApiClient, traceId: string) => readTrace(api, toTraceId(traceId));

async function spanOf(api: ApiClient, traceId: string, n = 2): Promise<SpanResponse | undefined> {
  const { spans } = await readOf(api, traceId);
  return spans.find(({ span_id }) => span_id.endsWith(String(n)));
}

/** A trace without its id. */
const comparable = (trace: TraceResponse) =>
  JSON.parse(JSON.stringify(trace).replaceAll(trace.trace_id, "")) as object;

/*
 * One agent: it is asked, calls a tool, and is given two answers to choose from.
 */
const tools = [{ type: "function", name: "get_weather", parameters: { type: "object" } }];
const asked = [{ role: "user", parts: [{ type: "text", content: "Weather in Paris?" }] }];
const calling = {
  role: "assistant",
  parts: [{ type: "tool_call", id: "c1", name: "get_weather", arguments: { city: "Paris" } }],
};
const result = {
  role: "tool",
  parts: [{ type: "tool_call_response", id: "c1", response: { sky: "rainy" } }],
};
const says = (content: string) => ({
  role: "assistant",
  parts: [{ type: "text", content }],
  finish_reason: "stop",
});
const json = (value: unknown) => JSON.stringify(value);
const first = {
  "gen_ai.system_instructions": json([{ type: "text", content: "Be brief." }]),
  "gen_ai.input.messages": json(asked),
  "gen_ai.output.messages": json([{ ...calling, finish_reason: "tool_calls" }]),
  "gen_ai.tool.definitions": json(tools),
};
const second = {
  "gen_ai.system_instructions": json([{ type: "text", content: "Be brief." }]),
  "gen_ai.input.messages": json([...asked, calling, result]),
  "gen_ai.output.messages": json([says("It rains."), says("Rain.")]),
};

function asAttributes(traceId: string): OtlpSpan[] {
  return [agent(traceId), call(traceId, 2, first), call(traceId, 3, second)];
}

function asDetails(traceId: string): [OtlpSpan[], object[]] {
  const [one, two] = [call(traceId, 2), call(traceId, 3)];
  const details = (span: OtlpSpan, attributes: Readonly<Record<string, unknown>>) =>
    loggedMessage(span, "gen_ai.client.inference.operation.details", null, { attributes });
  return [
    [agent(traceId), one, two],
    [details(one, first), details(two, second)],
  ];
}

/** The conventions up to 1.36, which do not record the declared tools. */
function asMessages(traceId: string): [OtlpSpan[], object[]] {
  const declared = { "gen_ai.tool.definitions": first["gen_ai.tool.definitions"] };
  const [one, two] = [call(traceId, 2, declared), call(traceId, 3)];
  const toolCall = {
    id: "c1",
    type: "function",
    function: { name: "get_weather", arguments: '{"city":"Paris"}' },
  };
  const system = (span: OtlpSpan) => loggedMessage(span, "gen_ai.system.message", { content: "Be brief." });
  const at = (ns: number) => ({ timeUnixNano: nanos(1_000_000_000 + ns) });
  return [
    [agent(traceId), one, two],
    [
      system(one),
      user(one, "Weather in Paris?", at(1)),
      loggedMessage(
        one,
        "gen_ai.choice",
        { index: 0, finish_reason: "tool_calls", message: { role: "assistant", tool_calls: [toolCall] } },
        at(2),
      ),
      system(two),
      user(two, "Weather in Paris?", at(1)),
      loggedMessage(two, "gen_ai.assistant.message", { tool_calls: [toolCall] }, at(2)),
      loggedMessage(two, "gen_ai.tool.message", { id: "c1", content: '{"sky":"rainy"}' }, at(3)),
      choice(two, "It rains.", at(4)),
      loggedMessage(
        two,
        "gen_ai.choice",
        { index: 1, finish_reason: "stop", message: { content: "Rain." } },
        at(4),
      ),
    ],
  ];
}

describe("messages in POST /v1/logs", () => {
  test.each([
    ["gen_ai.*.message and gen_ai.choice", asMessages],
    ["gen_ai.client.inference.operation.details", asDetails],
  ])("make the trace that attributes make: %s", async (_name, logged) => {
    const api = server.project();
    const [attributes, events] = [newTrace(), newTrace()];
    await traced(api, ...asAttributes(attributes));
    const [spans, records] = logged(events);
    await traced(api, ...spans);
    expect(await readOf(api, events)).toMatchObject({ input: null, output: null });
    expect(await log(api, ...records)).toBeUndefined();
    const trace = await readOf(api, events);
    expect(trace).toMatchObject({
      input: {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "Weather in Paris?" },
        ],
      },
      output: { messages: [{ content: "It rains." }, { content: "Rain." }] },
      spans: [{}, { model_parameters: { tools } }, { input: { messages: { length: 4 } } }],
    });
    expect(comparable(trace)).toEqual(comparable(await readOf(api, attributes)));
  });

  test("are read from protobuf, with a text as body, and under the name that older SDKs use", async () => {
    const api = server.project();
    const traceId = newTrace();
    const span = call(traceId, 2);
    await traced(api, span);
    const records = [
      loggedMessage(span, "", "Hello", {
        attributes: { "event.name": "gen_ai.user.message" },
        timeUnixNano: "0",
        observedTimeUnixNano: nanos(1),
      }),
      choice(span, "Hi", { timeUnixNano: nanos(2) }),
    ];
    const bytes = inProtobuf(logRequest(records), "logs");
    expect(await api.sendRaw("POST", path, bytes, protobufHeaders)).toMatchObject({ status: 200 });
    expect(await spanOf(api, traceId)).toMatchObject({
      input: { messages: [{ role: "user", content: "Hello" }] },
      output: { role: "assistant", content: "Hi", finish_reason: "stop" },
    });
  });

  test("fill the input or output that a span lacks, and leave those of the program or a client", async () => {
    const api = server.project();
    const traceId = newTrace();
    const span = call(traceId, 2, { "input.value": "own" });
    await traced(api, span);
    await log(api, user(span, "logged"), choice(span, "one", { timeUnixNano: nanos(1) }));
    expect(await spanOf(api, traceId)).toMatchObject({ input: "own", output: { content: "one" } });
    await log(api, choice(span, "two", { timeUnixNano: nanos(2) }));
    const both = { messages: [{ content: "one" }, { content: "two" }] };
    expect(await readOf(api, traceId)).toMatchObject({ input: "own", output: both });
    const url = `/traces/${toTraceId(traceId)}`;
    await api.patch(`${url}/spans/00000000-0000-0000-0000-000000000002`, { output: "corrected" });
    await api.patch(url, { output: "mine" });
    await log(api, choice(span, "three", { timeUnixNano: nanos(3) }));
    expect(await readOf(api, traceId)).toMatchObject({ output: "mine", spans: [{ output: "corrected" }] });
  });

  test("and spans make the same trace in any order, split in any way, and repeated", async () => {
    const api = server.project();
    const plan = fc.record({
      form: fc.constantFrom(asMessages, asDetails),
      keys: fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 24, maxLength: 24 }),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ form, keys }) => {
        const [whole, pieces] = [newTrace(), newTrace()];
        const [spans, records] = form(whole);
        await traced(api, ...spans);
        await log(api, ...records);
        const [someSpans, someRecords] = form(pieces);
        const sent = [
          ...[...someSpans, ...someSpans].map((span) => ({ span })),
          ...[...someRecords, ...someRecords].map((record) => ({ record })),
        ]
          .map((item, n) => ({ item, key: (keys[n] ?? 0) * 100 + n }))
          .sort((a, b) => a.key - b.key)
          .map(({ item }) => item);
        for (let from = 0; from < sent.length; ) {
          const some = sent.slice(from, from + 1 + ((keys[from] ?? 0) % 4));
          const [ofSpans, ofRecords] = [
            some.flatMap((item) => ("span" in item ? [item.span] : [])),
            some.flatMap((item) => ("record" in item ? [item.record] : [])),
          ];
          if (ofSpans.length > 0) await traced(api, ...ofSpans);
          if (ofRecords.length > 0) expect(await log(api, ...ofRecords)).toBeUndefined();
          from += some.length;
        }
        expect(comparable(await readOf(api, pieces))).toEqual(comparable(await readOf(api, whole)));
        // The text that a judge reads has the same hash, so only a change makes a score stale.
        const rows = await database.run(
          "select distinct content_hash::text from traces where trace_id = any($1)",
          [[whole, pieces].map(toTraceId)],
        );
        expect(rows).toHaveLength(1);
      }),
      { numRuns: 12, seed: 4711 },
    );
  });

  test("and spans may come at the same time, from several processes", async () => {
    const api = server.project();
    const [whole, pieces] = [newTrace(), newTrace()];
    await traced(api, ...asAttributes(whole));
    const [spans, records] = asMessages(pieces);
    await Promise.all([
      ...spans.map((span) => traced(api, span)),
      ...records.map((record) => log(api, record)),
      log(api, ...records.toReversed()),
      traced(api, ...spans),
    ]);
    const expected = comparable(await readOf(api, whole));
    // Messages that were stored while their span was may wait until a worker looks.
    await waitUntil(async () => isDeepStrictEqual(comparable(await readOf(api, pieces)), expected));
  });

  test("wait for a span that comes through the API, where a worker finds it", async () => {
    const api = server.project();
    const traceId = newTrace();
    const span = call(traceId, 2);
    await log(api, user(span, "Hello"));
    await storeTrace(api, {
      trace_id: toTraceId(traceId),
      input: "the trace's own",
      spans: [
        {
          span_id: "00000000-0000-0000-0000-000000000002",
          name: "chat",
          kind: "LLM",
          started_at: "2026-03-01T09:00:00.000Z",
        },
      ],
    });
    await waitUntil(async () => (await spanOf(api, traceId))?.input !== null);
    expect(await readOf(api, traceId)).toMatchObject({
      input: "the trace's own",
      spans: [{ input: { messages: [{ content: "Hello" }] } }],
    });
  });

  test("change a trace: its scores are stale, unless the same messages come again", async () => {
    const api = server.project();
    const traceId = newTrace();
    const span = call(traceId, 2);
    await traced(api, span);
    const judge = async () => {
      const body = { trace_id: toTraceId(traceId), name: "tone", value: "0.5", data_type: "NUMERIC" };
      expect((await api.post("/evaluations/trace-scores", body)).status).toBe(201);
    };
    const isStale = async () => {
      const { body } = await api.get<TraceScoreResponse[]>(`/evaluations/trace-scores/${toTraceId(traceId)}`);
      return body.map(({ stale }) => stale);
    };
    const changedAt = () =>
      database.run("select updated_at::text from traces where trace_id = $1", [toTraceId(traceId)]);
    await judge();
    await log(api, user(span, "Hello"));
    expect(await isStale()).toEqual([true]);
    await judge();
    const before = await changedAt();
    await log(api, user(span, "Hello"));
    expect(await changedAt()).toEqual(before);
    await traced(api, span);
    expect(await isStale()).toEqual([false]);
    const quiet = await changedAt();
    await log(api, choice(span, "Hi"));
    // Monitors wait for a trace until it has been quiet.
    expect(await changedAt()).not.toEqual(quiet);
    expect(await isStale()).toEqual([true]);
  });

  test("whose content Google's kit left out are ignored", async () => {
    const api = server.project();
    const traceId = newTrace();
    const span = call(traceId, 2);
    await log(api, user(span, "<elided>"), choice(span, "Hi"));
    await traced(api, span);
    expect(await spanOf(api, traceId)).toMatchObject({ input: null, output: { content: "Hi" } });
  });

  test("that say nothing are ignored; without ids or a time they are rejected with the reason", async () => {
    const api = server.project();
    const traceId = newTrace();
    const span = call(traceId, 2);
    await traced(api, span);
    const silent = [
      loggedMessage(span, "gen_ai.user.message", null),
      loggedMessage(span, "gen_ai.choice", {
        index: 0,
        finish_reason: "stop",
        message: { role: "assistant" },
      }),
      loggedMessage(span, "gen_ai.tool.message", { id: "c1" }),
    ];
    expect(await log(api, ...silent)).toBeUndefined();
    expect(await spanOf(api, traceId)).toMatchObject({ input: null, output: null });
    const partial = await log(
      api,
      user({ ...span, spanId: "" }, "no span"),
      user({ ...span, traceId: "12" }, "no trace"),
      user(span, "no time", { timeUnixNano: "0" }),
      loggedMessage(span, "gen_ai.unknown", { content: "?" }),
      user(span, "kept"),
    );
    expect(partial?.rejectedLogRecords).toBe("4");
    expect(partial?.errorMessage).toMatch(
      /must have a traceId and a spanId.*16 bytes.*timeUnixNano.*only events/s,
    );
    expect(await spanOf(api, traceId)).toMatchObject({ input: { messages: [{ content: "kept" }] } });
  });

  test("are limited for each span, and while they wait for each project", async () => {
    const api = server.project();
    const traceId = newTrace();
    const [span, other] = [call(traceId, 2), call(traceId, 3)];
    await traced(api, span, other);
    const many = (of: OtlpSpan, count: number) =>
      Array.from({ length: count }, (_, n) => user(of, `m${n}`, { timeUnixNano: nanos(n + 1) }));
    expect(await log(api, ...many(span, 1_000))).toBeUndefined();
    expect(await log(api, ...many(span, 1_000))).toBeUndefined();
    const beyond = await log(api, ...many(span, 1_002), user(other, "kept"));
    expect(beyond).toMatchObject({
      rejectedLogRecords: "2",
      errorMessage: expect.stringContaining("a span may have 1000 events with messages, of 4000000 bytes"),
    });
    const large = await log(api, user(other, "x".repeat(4_000_001)));
    expect(large?.rejectedLogRecords).toBe("1");
    expect(await spanOf(api, traceId, 3)).toMatchObject({ input: { messages: [{ content: "kept" }] } });
    const early = (count: number) => Array.from({ length: count }, () => user(call(newTrace(), 2), "early"));
    expect(await log(api, ...early(9_999))).toBeUndefined();
    const waiting = await log(api, ...early(3), user(other, "again", { timeUnixNano: nanos(2) }));
    expect(waiting).toMatchObject({
      rejectedLogRecords: "2",
      errorMessage: expect.stringContaining("already wait for their spans. Send traces first."),
    });
    expect(await spanOf(api, traceId, 3)).toMatchObject({ input: { messages: { length: 2 } } });
    // Other projects have room of their own.
    expect(await log(server.project(), user(call(newTrace(), 2), "early"))).toBeUndefined();
  }, 30_000);

  test("do not make a trace larger than its limit", async () => {
    const api = server.project();
    const traceId = newTrace();
    const [span, large] = [call(traceId, 2), call(traceId, 3)];
    await traced(api, span, large);
    const enlarge = "update spans set bytes = 49999000 where trace_id = $1 and span_id::text like '%3'";
    await database.run(enlarge, [toTraceId(traceId)]);
    expect(await log(api, choice(large, "fits"), user(span, "y".repeat(1_000)))).toMatchObject({
      rejectedLogRecords: "1",
      errorMessage: expect.stringContaining("the trace would have more than 50000000 bytes."),
    });
    expect(await readOf(api, traceId)).toMatchObject({
      spans: [{ input: null }, { output: { content: "fits" } }],
    });
  });

  test("are erased with their trace or after 24 hours, and counted until then", async () => {
    const project = newProject();
    const api = server.current.api.as({ project });
    const [erased, old, young] = [newTrace(), newTrace(), newTrace()];
    const bytes = async () =>
      (await api.get<ProjectUsage>(`/projects/${encodeURIComponent(project)}/usage`)).body.bytes.used;
    await traced(api, call(erased, 2));
    await log(api, ...[erased, old, young].map((traceId) => user(call(traceId, 2), "secret ".repeat(500))));
    const kept = () =>
      database.run("select distinct trace_id::text from otel_messages where trace_id = any($1) order by 1", [
        [erased, old, young].map(toTraceId),
      ]);
    expect(await kept()).toHaveLength(3);
    expect(await bytes()).toBeGreaterThan(3 * 3_500);
    expect((await api.delete(`/traces/${toTraceId(erased)}`)).status).toBe(204);
    expect(await kept()).toHaveLength(2);
    await database.run(
      "update otel_messages set received_at = now() - interval '25 hours' where trace_id = $1",
      [toTraceId(old)],
    );
    const db = createDatabase(testPool(server.current.database.url));
    onTestFinished(() => db.destroy());
    await purgeMessages(db, new AbortController().signal);
    expect(await kept()).toEqual([{ trace_id: toTraceId(young) }]);
    const left = await bytes();
    expect([left > 3_500, left < 4_000]).toEqual([true, true]);
  });

  test("stay in their project", async () => {
    const traceId = newTrace();
    const [one, other] = [newProject(), newProject()];
    const api = server.current.api;
    const span = call(traceId, 2);
    for (const project of [one, other]) await traced(api.as({ project }), span);
    await fetch(server.current.url + path, {
      method: "POST",
      headers: { "x-api-key": server.current.apiKey, "content-type": "application/json" },
      body: JSON.stringify(logRequest([user(span, "mine")], one)),
    });
    expect(await spanOf(api.as({ project: one }), traceId)).toMatchObject({
      input: { messages: [{ content: "mine" }] },
    });
    await traced(api.as({ project: other }), span);
    expect(await spanOf(api.as({ project: other }), traceId)).toMatchObject({ input: null });
  });

  test("may be any text and any value", async () => {
    const api = server.project();
    const traceId = newTrace();
    const span = call(traceId, 2);
    await traced(api, span);
    const text = "a\0b\ud800c";
    const clean = "a\ufffdb\ufffdc";
    const values = [text, { [text]: text, __proto__: 1 }, [7, null, true, [[]]], 0.5, false];
    for (const [n, value] of values.entries()) {
      const partial = await log(api, user(span, value, { timeUnixNano: nanos(n + 1) }));
      expect(partial).toBeUndefined();
    }
    const body = { index: -1e300, message: text, tool_calls: { 7: text } };
    expect(await log(api, loggedMessage(span, "gen_ai.choice", body))).toBeUndefined();
    expect(await spanOf(api, traceId)).toMatchObject({
      input: {
        messages: [
          { content: clean },
          { content: { [clean]: clean } },
          { content: [7, null, true, [[]]] },
          { content: 0.5 },
          { content: false },
        ],
      },
      output: { content: clean },
    });
  });
});
