import { randomBytes } from "node:crypto";
import type { TraceScoreResponse } from "@pandaprobe/contract";
import { toTraceId } from "@pandaprobe/contract/otel";
import { describe, expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { purgeOtelEvents } from "../../src/features/otel-events/score-events.ts";
import type { ApiClient } from "../support/api-client.ts";
import {
  evaluation,
  exportJson,
  fromProtobuf,
  inProtobuf,
  logRequest,
  nanos,
  newTrace,
  otlpRequest,
  otlpSpan,
  protobufHeaders,
} from "../support/otlp.ts";
import { testPool } from "../support/test-pool.ts";
import { storeTrace } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { newProject, useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer({ role: "all" });
const database = databaseBehind(server);

const path = "/v1/logs";
const spanId = "00000000000000aa";

async function send(api: ApiClient, ...records: unknown[]) {
  const { status, body } = await exportJson(api, logRequest(records), path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.partialSuccess;
}

/** Of a trace, by name. Only the latest of each name. */
async function scoresOf(api: ApiClient, traceId: string): Promise<TraceScoreResponse[]> {
  const { body } = await api.get<TraceScoreResponse[]>(`/evaluations/trace-scores/${toTraceId(traceId)}`);
  return body;
}

async function countOf(api: ApiClient): Promise<number> {
  return (await api.get<{ total: number }>("/evaluations/trace-scores")).body.total;
}

describe("POST /v1/logs", () => {
  test.each([
    [{ "gen_ai.evaluation.score.value": 0.85 }, { data_type: "NUMERIC", value: "0.85" }],
    [{ "gen_ai.evaluation.score.value": 1 }, { data_type: "NUMERIC", value: "1" }],
    [{ "gen_ai.evaluation.score.value": 1e-7 }, { data_type: "NUMERIC", value: "0.0000001" }],
    [
      { "gen_ai.evaluation.score.value": 0.4, "gen_ai.evaluation.score.label": "poor" },
      { data_type: "NUMERIC", value: "0.4", metadata: { label: "poor" } },
    ],
    [
      { "gen_ai.evaluation.score.value": 4, "gen_ai.evaluation.score.label": "good" },
      { data_type: "CATEGORICAL", value: "good", metadata: { score: 4 } },
    ],
    [
      { "gen_ai.evaluation.score.value": -0.5 },
      { data_type: "CATEGORICAL", value: "-0.5", metadata: { score: -0.5 } },
    ],
    [
      { "gen_ai.evaluation.score.value": null, "gen_ai.evaluation.score.label": "pass" },
      { data_type: "CATEGORICAL", value: "pass" },
    ],
  ])("stores %j as a score", async (attributes, score) => {
    const api = server.project();
    const traceId = newTrace();
    await exportJson(api, otlpRequest([otlpSpan(traceId, 1)]));
    const explained = { ...attributes, "gen_ai.evaluation.explanation": "It fits.", run: 7 };
    expect(await send(api, evaluation(traceId, { spanId, attributes: explained }))).toBeUndefined();
    expect(await scoresOf(api, traceId)).toMatchObject([
      {
        name: "Relevance",
        source: "PROGRAMMATIC",
        status: "SUCCESS",
        reason: "It fits.",
        stale: false,
        ...score,
        metadata: {
          run: 7,
          span_id: "00000000-0000-0000-0000-0000000000aa",
          evaluated_at: "2026-03-01T09:00:01.000Z",
          ...("metadata" in score ? score.metadata : {}),
        },
      },
    ]);
  });

  test("takes protobuf, and events of older SDKs", async () => {
    const api = server.project();
    const traceId = newTrace();
    await exportJson(api, otlpRequest([otlpSpan(traceId, 1)]));
    const older = evaluation(traceId, {
      eventName: "",
      timeUnixNano: "0",
      observedTimeUnixNano: nanos(5),
      attributes: { "event.name": "gen_ai.evaluation.result", "gen_ai.evaluation.name": "Tone" },
    });
    const other = { eventName: "app.started", timeUnixNano: nanos(1), body: { stringValue: "up" } };
    const request = logRequest([evaluation(traceId), older, other]);
    const answer = await fetch(server.current.url + path, {
      method: "POST",
      headers: { ...api.headers, ...protobufHeaders },
      body: inProtobuf(request, "logs"),
    });
    expect(answer.status).toBe(200);
    expect(fromProtobuf("exportLogs", new Uint8Array(await answer.arrayBuffer()))).toMatchObject({
      partialSuccess: {
        rejectedLogRecords: "1",
        errorMessage: expect.stringContaining(
          "A log record was not stored: only events gen_ai.evaluation.result and those with messages",
        ),
      },
    });
    expect((await scoresOf(api, traceId)).map(({ name }) => name)).toEqual(["Relevance", "Tone"]);
  });

  test("stores an event once per trace, span, name and time, however often and from however many it comes", async () => {
    const api = server.project();
    const traceId = newTrace();
    await exportJson(api, otlpRequest([otlpSpan(traceId, 1)]));
    const events = [
      evaluation(traceId),
      evaluation(traceId, { spanId }),
      evaluation(traceId, { timeUnixNano: nanos(1) }),
      evaluation(traceId, { attributes: { "gen_ai.evaluation.name": "Tone" } }),
    ];
    await Promise.all([send(api, ...events, ...events), send(api, ...events.toReversed())]);
    await send(api, ...events);
    expect(await countOf(api)).toBe(4);
  });

  test("keeps an event until its trace comes, as spans or through the API", async () => {
    const api = server.project();
    const [asSpans, asTrace] = [newTrace(), newTrace()];
    await send(api, evaluation(asSpans), evaluation(asTrace));
    expect(await countOf(api)).toBe(0);
    await exportJson(api, otlpRequest([otlpSpan(asSpans, 1)]));
    expect(await scoresOf(api, asSpans)).toHaveLength(1);
    await storeTrace(api, { trace_id: toTraceId(asTrace), environment: "prod" });
    await waitUntil(async () => (await countOf(api)) === 2);
    expect(await scoresOf(api, asTrace)).toMatchObject([{ environment: "prod", stale: false }]);
    await send(api, evaluation(asSpans), evaluation(asTrace));
    expect(await countOf(api)).toBe(2);
  });

  test("purges an event after 24 hours", async () => {
    const api = server.project();
    const [old, young] = [newTrace(), newTrace()];
    await send(api, evaluation(old), evaluation(young));
    await database.run(
      "update otel_events set received_at = now() - interval '25 hours' where trace_id = $1",
      [toTraceId(old)],
    );
    const db = createDatabase(testPool(server.current.database.url));
    onTestFinished(() => db.destroy());
    await purgeOtelEvents(db, new AbortController().signal);
    for (const traceId of [old, young]) await exportJson(api, otlpRequest([otlpSpan(traceId, 1)]));
    expect([await scoresOf(api, old), await scoresOf(api, young)]).toMatchObject([[], [{}]]);
  });

  test("rejects unreadable items with the reason, and stores the others", async () => {
    const api = server.project();
    const traceId = newTrace();
    const nothing = { "gen_ai.evaluation.score.value": "high" };
    const partial = await send(
      api,
      evaluation(traceId),
      evaluation(""),
      evaluation("12"),
      evaluation(traceId, { attributes: { "gen_ai.evaluation.name": null } }),
      evaluation(traceId, { attributes: nothing }),
      evaluation(traceId, { timeUnixNano: "soon" }),
      7,
    );
    // One element that is no object makes the whole list unreadable.
    expect(partial?.rejectedLogRecords).toBe("1");
    const readable = await send(
      api,
      evaluation(traceId),
      evaluation(""),
      evaluation("12"),
      evaluation(traceId, { attributes: { "gen_ai.evaluation.name": null } }),
      evaluation(traceId, { attributes: nothing }),
      evaluation(traceId, { timeUnixNano: "soon" }),
    );
    expect(readable?.rejectedLogRecords).toBe("5");
    expect(readable?.errorMessage).toMatch(
      /must have a traceId.*16 bytes.*gen_ai.evaluation.name.*score.value.*nanoseconds/s,
    );
    await exportJson(api, otlpRequest([otlpSpan(traceId, 1)]));
    expect(await scoresOf(api, traceId)).toHaveLength(1);
  });

  test("lets a limited number of events wait in each project, and still stores those with a trace", async () => {
    const api = server.project();
    const [known, unknown] = [newTrace(), newTrace()];
    await exportJson(api, otlpRequest([otlpSpan(known, 1)]));
    const many = (count: number) =>
      Array.from({ length: count }, (_, n) => evaluation(unknown, { timeUnixNano: nanos(n + 2) }));
    expect(await send(api, ...many(9_999))).toBeUndefined();
    const partial = await send(api, ...many(10_002).slice(-3), evaluation(known));
    expect(partial?.rejectedLogRecords).toBe("2");
    expect(partial?.errorMessage).toMatch(/10000 evaluation results of this project already wait/);
    expect(await scoresOf(api, known)).toHaveLength(1);
    // Other projects have room of their own.
    expect(await send(server.project(), evaluation(newTrace()))).toBeUndefined();
  });

  test("keeps projects apart", async () => {
    const traceId = newTrace();
    const [one, other] = [newProject(), newProject()];
    const api = server.current.api;
    for (const project of [one, other]) {
      await exportJson(api.as({ project }), otlpRequest([otlpSpan(traceId, 1)]));
    }
    await fetch(server.current.url + path, {
      method: "POST",
      headers: { "x-api-key": server.current.apiKey, "content-type": "application/json" },
      body: JSON.stringify(logRequest([evaluation(traceId)], one)),
    });
    expect(await countOf(api.as({ project: one }))).toBe(1);
    expect(await countOf(api.as({ project: other }))).toBe(0);
  });

  test("stores any text", async () => {
    const api = server.project();
    const traceId = newTrace();
    const text = "a\0b\ud800c";
    await exportJson(api, otlpRequest([otlpSpan(traceId, 1)]));
    const attributes = {
      "gen_ai.evaluation.name": text,
      "gen_ai.evaluation.score.value": null,
      "gen_ai.evaluation.score.label": text,
      "gen_ai.evaluation.explanation": text,
      [`k${text}`]: text,
    };
    expect(await send(api, evaluation(traceId, { attributes }))).toBeUndefined();
    const clean = "a\ufffdb\ufffdc";
    expect(await scoresOf(api, traceId)).toMatchObject([
      { name: clean, value: clean, reason: clean, metadata: { [`k${clean}`]: clean } },
    ]);
  });

  test.each([
    ["garbage", new Uint8Array(randomBytes(1_000))],
    ["a request that ends early", new Uint8Array([10, 100, 1])],
  ])("answers a status for %s", async (_what, bytes) => {
    const answer = await fetch(server.current.url + path, {
      method: "POST",
      headers: { ...server.current.api.headers, ...protobufHeaders },
      body: bytes,
    });
    expect(answer.status).toBe(400);
    expect(fromProtobuf("status", new Uint8Array(await answer.arrayBuffer()))).toMatchObject({ code: 3 });
  });
});
