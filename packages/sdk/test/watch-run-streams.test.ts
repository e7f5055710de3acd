import type { RunEvent, RunProgress } from "@pandaprobe/sdk";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { recordingLogger } from "./support/recording-logger.ts";
import { sampleRun } from "./support/sample-run.ts";
import {
  answers,
  eventText,
  fails,
  holds,
  isUnreachable,
  noStream,
  type StreamStep,
  streamingRun,
  streams,
} from "./support/scripted-run.ts";

const { id } = sampleRun();
const completed = { status: "COMPLETED", evaluated_count: 10 } as const;
const forever = 2 ** 31 - 1;
const heartbeats = Array.from({ length: 40 }, () => [15_000, ":\n\n"]).flat();

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

async function collect(watch: AsyncIterable<RunProgress>): Promise<string[]> {
  const seen: string[] = [];
  for await (const { run, evaluated } of watch) seen.push(`${run.status} ${evaluated}`);
  return seen;
}

async function outcome<T>(promise: Promise<T>): Promise<T | unknown> {
  const settled = promise.catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return settled;
}

describe("watchRun with a server that streams", () => {
  it("follows the events, and polls only at the start", async () => {
    const stream = streams(
      `retry: 1000\n${eventText("progress")}`,
      100,
      eventText("progress", { evaluated_count: 3 }),
      ...heartbeats,
      eventText("progress", { evaluated_count: 4 }) + eventText("end", completed),
      forever,
    );
    const { client, polls, opened } = streamingRun([stream], answers());
    await expect(outcome(collect(client.watchRun(id)))).resolves.toEqual([
      "RUNNING 0",
      "RUNNING 3",
      "RUNNING 4",
      "COMPLETED 10",
    ]);
    expect([polls.length, opened.length]).toEqual([1, 1]);
  });

  it("does not poll if it gets the run itself", async () => {
    const { client, polls } = streamingRun([streams(eventText("end", completed))], fails(500));
    await expect(outcome(collect(client.watchRun(sampleRun())))).resolves.toEqual([
      "RUNNING 0",
      "COMPLETED 10",
    ]);
    expect(polls).toHaveLength(0);
  });

  it.each([
    ["ends", []],
    ["breaks", ["breaks"]],
    ["ends in the middle of an event", ["id: x\nevent: progress\ndata: {"]],
  ] as const)("resumes after the last event if a stream %s, and misses nothing", async (_what, last) => {
    const { client, polls, opened } = streamingRun(
      [
        streams(eventText("progress", { evaluated_count: 1 }), 5_000, ...last),
        streams("retry: 1000\n\n", 1_000, eventText("end", completed)),
      ],
      answers(),
      isUnreachable,
      fails(503),
      answers({ evaluated_count: 2 }),
    );
    await expect(outcome(collect(client.watchRun(id)))).resolves.toEqual([
      "RUNNING 0",
      "RUNNING 1",
      "RUNNING 2",
      "COMPLETED 10",
    ]);
    expect(opened.map(({ lastEventId }) => lastEventId)).toEqual([null, "RUNNING-1-0"]);
    expect(polls).toHaveLength(4);
  });

  it.each<[string, StreamStep]>([
    ["is too old to stream", noStream],
    ["refuses the method", () => Response.json({}, { status: 405 })],
    ["refuses the kind of answer", () => Response.json({}, { status: 406 })],
    ["fails", () => Response.json({}, { status: 503 })],
    ["answers something else", () => Response.json(sampleRun())],
    ["answers with no body", () => new Response(null, { headers: { "content-type": "text/event-stream" } })],
    ["ends the stream at once", streams()],
    ["streams nothing", streams(forever)],
    ["streams what is no event", streams("data: {\n\n", forever)],
    ["cannot be reached for it", () => Promise.reject(new TypeError("fetch failed"))],
    ["does not answer", ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", reject))],
  ])("falls back to long polls if it %s", async (_what, stream) => {
    const { client, polls, opened } = streamingRun(
      [stream],
      answers(),
      holds({ evaluated_count: 1 }, 5_000),
      holds(completed, 5_000),
    );
    await expect(outcome(collect(client.watchRun(id)))).resolves.toEqual([
      "RUNNING 0",
      "RUNNING 1",
      "COMPLETED 10",
    ]);
    expect(opened).toHaveLength(1);
    expect(polls.map(({ waitSeconds }) => waitSeconds)).toEqual([0, 30, 30]);
  });

  it("logs neither a missing stream nor a retried failure as an error", async () => {
    const { client } = streamingRun([noStream], answers(), fails(503), answers(completed));
    const { logger, lines } = recordingLogger();
    await outcome(collect(client.withOptions({ logger }).watchRun(id)));
    const linesOf = (level: string) => lines.filter((line) => line.startsWith(`${level} `));
    expect(linesOf("debug")).toContainEqual(
      expect.stringMatching(/NotFoundError: streamTraceRun failed with 404/),
    );
    expect(linesOf("warn")).toEqual([
      expect.stringMatching(/^warn ServerError: getTraceRun failed with 503/),
    ]);
    expect(linesOf("error")).toEqual([]);
  });

  it("logs what ends the watch as an error", async () => {
    const { client } = streamingRun([noStream], answers(), fails(401));
    const { logger, lines } = recordingLogger();
    await outcome(collect(client.withOptions({ logger }).watchRun(id)));
    const errors = lines.filter((line) => line.startsWith("error "));
    expect(errors).toEqual([expect.stringMatching(/AuthenticationError: getTraceRun failed with 401/)]);
  });

  it("rejects for a deleted run, as waitForRun does", async () => {
    const deleted = streams(eventText("progress"), `event: deleted\ndata: {"id":"${id}"}\n\n`);
    const { client } = streamingRun([deleted], answers(), fails(404));
    await expect(outcome(collect(client.watchRun(id)))).resolves.toMatchObject({ name: "NotFoundError" });
  });

  it.each([
    ["timeout", { timeoutMs: 60_000 }],
    ["stalled", { stallTimeoutMs: 60_000 }],
  ])("gives up in time (%s), although the stream is alive", async (code, options) => {
    const { client } = streamingRun([streams(eventText("progress"), ...heartbeats, forever)], answers());
    const startedAt = performance.now();
    const error = await outcome(collect(client.watchRun(id, options)));
    expect(error).toMatchObject({ name: "RunWaitTimeoutError", code });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(60_000);
    expect(performance.now() - startedAt).toBeLessThanOrEqual(65_001);
  });

  it("ends on return() and on its signal while it waits for an event", async () => {
    const endless = () => streamingRun([streams(eventText("progress"), forever)], answers()).client;
    const watch = endless().watchRun(id);
    await watch.next();
    const next = watch.next();
    await vi.advanceTimersByTimeAsync(100);
    await expect(watch.return()).resolves.toEqual({ done: true, value: undefined });
    await expect(next).resolves.toEqual({ done: true, value: undefined });

    const controller = new AbortController();
    const settled = collect(endless().watchRun(id, { signal: controller.signal })).catch((error) => error);
    await vi.advanceTimersByTimeAsync(100);
    controller.abort("enough");
    await expect(settled).resolves.toBe("enough");
  });

  it("yields a change of what the run waits for, which does not count as progress", async () => {
    const waiting = (until: string) => ({
      waiting_for: { model: "openai/gpt-5.4", reason: "HTTP 429", until },
    });
    const stream = streams(
      ...[1, 2, 3, 4, 5, 6].flatMap((n) => [
        eventText("progress", waiting(`2026-03-29T10:0${n}:00.000Z`)),
        10_000,
      ]),
      ...heartbeats,
    );
    const stillWaiting = { ...sampleRun(), ...waiting("2026-03-29T10:07:00.000Z") };
    const { client } = streamingRun([stream], answers(), () => Response.json(stillWaiting));
    const seen: unknown[] = [];
    const error = await outcome(
      (async () => {
        for await (const { waitingFor } of client.watchRun(id, { stallTimeoutMs: 40_000 }))
          seen.push(waitingFor);
      })(),
    );
    expect(seen.slice(0, 3)).toEqual([
      null,
      { model: "openai/gpt-5.4", reason: "HTTP 429", until: "2026-03-29T10:01:00.000Z" },
      { model: "openai/gpt-5.4", reason: "HTTP 429", until: "2026-03-29T10:02:00.000Z" },
    ]);
    expect(error).toMatchObject({ code: "stalled" });
    expect(error).toHaveProperty(
      "message",
      expect.stringContaining("It waits for openai/gpt-5.4: HTTP 429."),
    );
  });
});

describe("streamTraceRun", () => {
  const all = async (stream: AsyncIterable<RunEvent>) => {
    const seen: RunEvent[] = [];
    for await (const event of stream) seen.push(event);
    return seen;
  };

  it("yields the events as they arrive, however they are split", async () => {
    const text = `\uFEFF: hello\r\nretry: 1\r\n\r\n${eventText("progress", { name: "ü" }).replaceAll("\n", "\r\n")}`;
    const bytes = new TextEncoder().encode(`${text}event:end\rid:last\rdata:{"id":\rdata: "a"}\r\r`);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.enqueue(new TextEncoder().encode("\n"));
      },
    });
    const stream = () => new Response(body, { headers: { "content-type": "text/event-stream" } });
    const { client } = streamingRun([stream]);
    await expect(outcome(all(client.streamTraceRun(id)))).resolves.toEqual([
      { event: "progress", id: "RUNNING-0-0", data: sampleRun({ name: "ü" }) },
      { event: "end", id: "last", data: { id: "a" } },
    ]);
  });

  it("reads an event of 1 MB in small pieces in linear time", async () => {
    const bytes = new TextEncoder().encode(eventText("end", { name: "x".repeat(1_000_000) }));
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 16) controller.enqueue(bytes.subarray(at, at + 16));
        controller.close();
      },
    });
    const { client } = streamingRun([() => new Response(body)]);
    vi.useRealTimers();
    const events = await all(client.streamTraceRun(id));
    vi.useFakeTimers();
    expect(events.map(({ event, data }) => [event, "name" in data && data.name?.length])).toEqual([
      ["end", 1_000_000],
    ]);
  });

  it("resumes after the given event", async () => {
    const { client, opened } = streamingRun([streams(eventText("end", completed))]);
    await outcome(all(client.streamSessionRun(id, { lastEventId: "RUNNING-3-0" })));
    expect(opened.map(({ lastEventId }) => lastEventId)).toEqual(["RUNNING-3-0"]);
  });

  it.each<[string, StreamStep, string, string]>([
    [
      "is cut off",
      streams(eventText("progress")),
      "ConnectionError",
      "streamTraceRun broke off: resume with lastEventId",
    ],
    ["breaks", streams("breaks"), "ConnectionError", "streamTraceRun broke off"],
    ["is silent", streams(forever), "TimeoutError", "streamTraceRun received nothing for 1000 ms."],
    ["is of no run", noStream, "NotFoundError", "streamTraceRun failed with 404"],
  ])("rejects if the stream %s", async (_what, stream, name, message) => {
    const { client } = streamingRun([stream]);
    const error = await outcome(all(client.streamTraceRun(id, { timeoutMs: 1_000, retries: 0 })));
    expect(error).toMatchObject({
      name,
      operation: "streamTraceRun",
      message: expect.stringContaining(message),
    });
  });

  it("sends nothing before it is read, and closes its connection", async () => {
    const cancelled = vi.fn();
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(eventText("progress"))),
      cancel: cancelled,
    });
    const stream = () => new Response(body, { headers: { "content-type": "text/event-stream" } });
    const { client, opened } = streamingRun([stream]);
    client.streamTraceRun(id);
    for await (const { event } of client.streamTraceRun(id)) if (event === "progress") break;
    expect(opened).toHaveLength(1);
    expect(cancelled).toHaveBeenCalledOnce();
  });
});
