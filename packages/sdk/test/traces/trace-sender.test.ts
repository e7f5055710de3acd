import {
  AuthenticationError,
  ConnectionError,
  RateLimitError,
  ServerError,
  ValidationError,
} from "@pandaprobe/sdk";
import type { DroppedTrace, TraceSenderOptions } from "@pandaprobe/sdk/traces";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TraceSender } from "../../src/traces/trace-sender.ts";

const startedAt = "2026-03-29T10:00:00.000Z";
const trace = (name: string | number) => ({ name: `${name}`, started_at: startedAt });

/** What one delivery does; the last step repeats. */
type Step = (names: string[]) => readonly unknown[] | Promise<readonly unknown[]>;

const takes: Step = () => [];
const fails =
  (error: Error): Step =>
  () => {
    throw error;
  };
const isDown = fails(new ConnectionError("It is down."));
const fields = { operation: "createTrace", retryAfterSeconds: null };
const refuses = fails(new ValidationError("It is wrong.", { ...fields, status: 422 }));

function sender(steps: readonly Step[], options: TraceSenderOptions = {}) {
  const deliveries: string[][] = [];
  const drops: DroppedTrace[] = [];
  const traces = new TraceSender(
    async (given) => {
      const names = given.map((json) => (JSON.parse(json) as { name: string }).name);
      deliveries.push(names);
      const step = steps[Math.min(deliveries.length, steps.length) - 1] ?? takes;
      return step(names);
    },
    { onDrop: (dropped) => drops.push(dropped), ...options },
  );
  return { traces, deliveries, drops };
}

describe("a sender of traces", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("sends the traces of a second in one batch, and leaves nothing behind", async () => {
    const { traces, deliveries } = sender([takes]);
    for (const name of [1, 2, 3]) traces.send(trace(name));
    await vi.advanceTimersByTimeAsync(999);
    expect(deliveries).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(deliveries).toEqual([["1", "2", "3"]]);
    expect(traces.stats()).toEqual({ queued: 0, queuedBytes: 0, sent: 3, dropped: 0 });
    expect(vi.getTimerCount()).toBe(0);
    expect(process.listenerCount("beforeExit")).toBe(listeners);
  });
  const listeners = process.listenerCount("beforeExit");

  it("sends a full batch at once, by count and by bytes", async () => {
    const byCount = sender([takes], { maxBatch: 2 });
    for (const name of [1, 2, 3]) byCount.traces.send(trace(name));
    await vi.advanceTimersByTimeAsync(0);
    expect(byCount.deliveries).toEqual([["1", "2"], ["3"]]);

    const byBytes = sender([takes], { maxBatchBytes: 1_000 });
    byBytes.traces.send(trace("short"));
    byBytes.traces.send(trace("x".repeat(2_000)));
    byBytes.traces.send(trace("short"));
    await vi.advanceTimersByTimeAsync(0);
    expect(byBytes.deliveries.map((names) => names.map((name) => name.length))).toEqual([[5], [2000], [5]]);
  });

  it("adds missing ids once, so that a retry does not store a second trace", async () => {
    const bodies: { trace_id: string; spans: { span_id: string }[] }[] = [];
    const traces = new TraceSender(async (given) => {
      bodies.push(...given.map((json) => JSON.parse(json)));
      if (bodies.length === 1) throw new ConnectionError("It is down.");
      return [];
    });
    const id = traces.send({ ...trace("a"), spans: [{ name: "step", started_at: startedAt }] });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toEqual(bodies[0]);
    expect(bodies[0]).toMatchObject({ trace_id: id, spans: [{ span_id: expect.stringMatching(/^.{36}$/) }] });
  });

  it("sends a trace as it was when send was called", async () => {
    const { traces, deliveries } = sender([takes]);
    const mine = trace("before");
    traces.send(mine);
    mine.name = "after";
    await traces.flush();
    expect(deliveries).toEqual([["before"]]);
  });

  it("keeps traces while the server is unreachable, and then sends them in order", async () => {
    const { traces, deliveries, drops } = sender([isDown, isDown, isDown, takes]);
    for (const name of [1, 2, 3, 4]) traces.send(trace(name));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(drops).toEqual([]);
    expect(deliveries.slice(0, 4)).toEqual([["1", "2", "3", "4"], ["1", "2"], ["1"], ["1"]]);
    expect(deliveries.slice(4).flat()).toEqual(["2", "3", "4"]);
    expect(traces.stats()).toMatchObject({ queued: 0, sent: 4, dropped: 0 });
  });

  it("attempts an unreachable server less and less often, and never in bursts", async () => {
    const { traces, deliveries } = sender([isDown]);
    traces.send(trace("first"));
    await vi.advanceTimersByTimeAsync(1_000);
    for (let index = 0; index < 500; index += 1) traces.send(trace(index));
    await vi.advanceTimersByTimeAsync(60_000);
    // One at 1 s, then after pauses of at least ½, 1, 2, 4, 5, 5, … s.
    expect(deliveries.length).toBeGreaterThan(6);
    expect(deliveries.length).toBeLessThan(17);
  });

  it("waits as long as the server asks, up to a minute", async () => {
    const error = new ServerError("Later.", { ...fields, status: 503, retryAfterSeconds: 30 });
    const { traces, deliveries } = sender([fails(error), takes]);
    traces.send(trace(1));
    await vi.advanceTimersByTimeAsync(1_000 + 29_900);
    expect(deliveries).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(deliveries).toHaveLength(2);
  });

  it.each([
    ["new traces", (traces: TraceSender) => traces.send(trace("more"))],
    ["a flush", (traces: TraceSender) => traces.flush()],
  ])("waits as long as the server asks, in spite of %s", async (_what, ask) => {
    const error = new RateLimitError("Later.", { ...fields, status: 429, retryAfterSeconds: 30 });
    const isSlow: Step = (names) =>
      new Promise((resolve) => setTimeout(resolve, 500)).then(() => fails(error)(names));
    const { traces, deliveries } = sender([isSlow, takes]);
    traces.send(trace(1));
    const asking = setInterval(() => ask(traces), 100);
    await vi.advanceTimersByTimeAsync(1_000 + 500 + 29_000);
    expect(deliveries).toHaveLength(1);
    clearInterval(asking);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(deliveries[1]?.[0]).toBe("1");
    expect(traces.stats().queued).toBe(0);
  });

  it("does not split batches when it makes too many requests", async () => {
    const error = new RateLimitError("Later.", { ...fields, status: 429, retryAfterSeconds: 5 });
    const { traces, deliveries } = sender([...Array(20).fill(fails(error)), takes]);
    for (const name of [1, 2, 3]) traces.send(trace(name));
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(deliveries).toEqual(Array(21).fill(["1", "2", "3"]));
    expect(traces.stats()).toMatchObject({ queued: 0, sent: 3, dropped: 0 });
  });

  it("loses nothing in an outage of hours", async () => {
    let isUp = false;
    const step: Step = (names) => (isUp ? takes(names) : isDown(names));
    const { traces, deliveries } = sender([step]);
    for (let index = 0; index < 50; index += 1) traces.send(trace(index));
    await vi.advanceTimersByTimeAsync(5 * 3_600_000);
    expect(traces.stats()).toMatchObject({ queued: 50, dropped: 0 });
    isUp = true;
    const flushed = traces.flush();
    await vi.advanceTimersByTimeAsync(20_000);
    await expect(flushed).resolves.toBe(true);
    expect(traces.stats()).toMatchObject({ queued: 0, sent: 50, dropped: 0 });
    expect(deliveries.at(-1)?.length).toBeGreaterThan(1);
  });

  it("keeps the order of one trace's updates when they are put behind others", async () => {
    const trace_id = "11111111-1111-1111-1111-111111111111";
    const arrived: string[] = [];
    let attempts = 0;
    const { traces } = sender([
      (names) => {
        if (names.includes("early") && ++attempts < 9) return isDown(names);
        arrived.push(...names);
        return [];
      },
    ]);
    traces.send({ ...trace("early"), trace_id });
    traces.send(trace("other"));
    traces.send({ ...trace("late"), trace_id });
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(arrived).toEqual(["other", "early", "late"]);
    expect(traces.stats()).toMatchObject({ queued: 0, sent: 3 });
  });

  it("finds the bad trace in a refused batch, and sends all the good ones", async () => {
    const { traces, drops } = sender([(names) => (names.includes("37") ? refuses(names) : takes(names))]);
    const ids = Array.from({ length: 100 }, (_, index) => traces.send(trace(index)));
    await expect(traces.flush()).resolves.toBe(true);
    expect(drops).toEqual([{ traceId: ids[37], reason: "refused", error: expect.any(ValidationError) }]);
    expect(traces.stats()).toMatchObject({ queued: 0, sent: 99, dropped: 1 });
  });

  it("drops the traces of a batch that the server refuses, and counts the others as sent", async () => {
    const { traces, drops } = sender([() => [undefined, "A reason.", undefined]]);
    const [, bad] = [1, 2, 3].map((name) => traces.send(trace(name)));
    await traces.flush();
    expect(drops).toEqual([{ traceId: bad, reason: "refused", error: "A reason." }]);
    expect(traces.stats()).toMatchObject({ sent: 2, dropped: 1 });
  });

  it("drops a trace that fails ten times on its own, and continues with the others", async () => {
    const poison: Step = (names) => (names.includes("1") ? isDown(names) : takes(names));
    const { traces, deliveries, drops } = sender([poison]);
    for (const name of [0, 1, 2]) traces.send(trace(name));
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(drops).toEqual([expect.objectContaining({ reason: "undeliverable" })]);
    expect(deliveries.filter(([first, ...more]) => first === "1" && more.length === 0)).toHaveLength(10);
    expect(traces.stats()).toMatchObject({ queued: 0, sent: 2, dropped: 1 });
  });

  it("makes one attempt with a wrong key, not one per trace", async () => {
    const error = new AuthenticationError("Unknown key.", { ...fields, status: 401 });
    const { traces, deliveries, drops } = sender([fails(error)]);
    for (let index = 0; index < 50; index += 1) traces.send(trace(index));
    await traces.flush();
    expect(deliveries).toHaveLength(1);
    expect(drops).toHaveLength(50);
    for (let index = 0; index < 50; index += 1) traces.send(trace(index));
    await traces.flush();
    expect(deliveries.map((names) => names.length)).toEqual([50, 50]);
  });

  it("drops the oldest when too many wait, by count and by bytes, and reports each", async () => {
    const { traces, drops, deliveries } = sender([takes], { maxQueued: 3 });
    const ids = [1, 2, 3, 4, 5].map((name) => traces.send(trace(name)));
    expect(drops).toEqual(ids.slice(0, 2).map((traceId) => ({ traceId, reason: "full", error: undefined })));
    await traces.flush();
    expect(deliveries).toEqual([["3", "4", "5"]]);

    const byBytes = sender([takes], { maxQueuedBytes: 5_000 });
    for (let index = 0; index < 10; index += 1) byBytes.traces.send(trace("x".repeat(1_000)));
    expect(byBytes.traces.stats()).toMatchObject({ queued: 4, dropped: 6 });
    expect(byBytes.traces.stats().queuedBytes).toBeLessThanOrEqual(5_000);
  });

  it("never drops a trace in flight", async () => {
    let take = (): void => {};
    const slow: Step = () => new Promise((resolve) => (take = () => resolve([])));
    const { traces, drops } = sender([slow, takes], { maxQueued: 2, maxBatch: 2 });
    const ids = [1, 2, 3, 4].map((name) => traces.send(trace(name)));
    expect(drops.map(({ traceId }) => traceId)).toEqual([ids[2], ids[3]]);
    take();
    await vi.advanceTimersByTimeAsync(0);
    expect(traces.stats()).toMatchObject({ queued: 0, sent: 2, dropped: 2 });
  });

  it("never throws: a trace that is not JSON, or larger than the whole queue, is dropped and reported", async () => {
    const { traces, drops } = sender([takes], { maxQueuedBytes: 500 });
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    traces.send({ ...trace("circle"), input: circle });
    traces.send({ ...trace("bigint"), output: 1n });
    traces.send({
      ...trace("getter"),
      get input() {
        throw new Error("Not here.");
      },
    });
    traces.send({
      ...trace("id"),
      get trace_id(): string {
        throw new Error("Not here.");
      },
    });
    traces.send(trace("x".repeat(600)));
    expect(traces.send(undefined as never)).toMatch(/^.{36}$/);
    expect(traces.send({ ...trace("spans"), spans: [null] } as never)).toMatch(/^.{36}$/);
    traces.send(trace("good"));
    expect(drops.map(({ reason }) => reason)).toEqual(Array(7).fill("unsendable"));
    await traces.flush();
    expect(traces.stats()).toMatchObject({ sent: 1, dropped: 7 });
  });

  it("drops a giant trace, and no others because of it", async () => {
    const { traces, drops } = sender([takes], { maxQueuedBytes: 5_000, maxTraceBytes: 3_000 });
    for (let index = 0; index < 4; index += 1) traces.send(trace("x".repeat(1_000)));
    const giant = traces.send(trace("x".repeat(3_000)));
    expect(drops).toEqual([
      {
        traceId: giant,
        reason: "unsendable",
        error: new RangeError("3101 bytes are more than maxTraceBytes"),
      },
    ]);
    await traces.flush();
    expect(traces.stats()).toMatchObject({ sent: 4, dropped: 1 });
  });

  it("sends dates, undefined values and lone surrogates as JSON has them", async () => {
    const bodies: unknown[] = [];
    const traces = new TraceSender(async (given) => {
      bodies.push(...given.map((json) => JSON.parse(json)));
      return [];
    });
    const input = {
      at: new Date(0),
      none: undefined,
      nan: Number.NaN,
      half: "\ud800",
      map: new Map([[1, 2]]),
    };
    const trace_id = traces.send({ ...trace("a"), input });
    await traces.flush();
    expect(bodies).toEqual([
      {
        ...trace("a"),
        trace_id,
        input: { at: "1970-01-01T00:00:00.000Z", nan: null, half: "\ud800", map: {} },
      },
    ]);
  });

  it("shares its listeners with all other senders", async () => {
    const warned = vi.fn();
    process.on("warning", warned);
    const senders = Array.from({ length: 20 }, () => sender([takes]));
    for (const { traces } of senders) traces.send(trace(1));
    expect(process.listenerCount("beforeExit")).toBe(listeners + 1);
    await Promise.all(senders.map(({ traces }) => traces.close()));
    await vi.advanceTimersByTimeAsync(10);
    expect(warned).not.toHaveBeenCalled();
    process.off("warning", warned);
  });

  it("survives an onDrop that throws", async () => {
    const { traces } = sender([takes], {
      maxQueued: 1,
      onDrop: () => {
        throw new Error("Not here.");
      },
    });
    traces.send(trace(1));
    expect(() => traces.send(trace(2))).not.toThrow();
    expect(traces.stats().dropped).toBe(1);
  });

  it("survives an onDrop that rejects", async () => {
    const rejected = vi.fn();
    process.on("unhandledRejection", rejected);
    const onDrop = async () => {
      throw new Error("Not here.");
    };
    const { traces } = sender([takes], { maxQueuedBytes: 1, onDrop });
    traces.send(trace(1));
    vi.useRealTimers();
    await new Promise((resolve) => setTimeout(resolve));
    expect(rejected).not.toHaveBeenCalled();
    process.off("unhandledRejection", rejected);
  });

  it("warns about a new reason, however many traces were dropped for another", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const { traces } = sender([refuses], { maxQueued: 1, onDrop: undefined });
    for (let index = 0; index < 5; index += 1) traces.send(trace(index));
    await traces.flush();
    expect(warn.mock.calls.map(([text]) => /dropped as (.*?)\. /.exec(String(text))?.[1])).toEqual([
      "full so far: 1",
      "refused so far: 1",
    ]);
    warn.mockRestore();
  });

  it("warns about the 1st, 10th and 100th drop without onDrop", () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const { traces } = sender([isDown], { maxQueued: 1, onDrop: undefined });
    for (let index = 0; index < 200; index += 1) traces.send(trace(index));
    expect(warn.mock.calls.map(([text]) => /so far: (\d+)/.exec(String(text))?.[1])).toEqual([
      "1",
      "10",
      "100",
    ]);
    warn.mockRestore();
  });

  it("hangs up when an ending program has waited long enough, and still works if the program continues", async () => {
    const signals: AbortSignal[] = [];
    const drops: DroppedTrace[] = [];
    const traces = new TraceSender(
      (_traces, _keepalive, signal) => {
        signals.push(signal);
        if (signals.length > 1) return Promise.resolve([]);
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      },
      { onDrop: (dropped) => drops.push(dropped) },
    );
    traces.send(trace(1));
    await vi.advanceTimersByTimeAsync(1_000);
    process.listeners("beforeExit").at(-1)?.(0);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await vi.advanceTimersByTimeAsync(1);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(drops).toMatchObject([{ reason: "closed" }]);
    traces.send(trace(2));
    await expect(traces.flush()).resolves.toBe(true);
    expect(traces.stats()).toMatchObject({ sent: 1, dropped: 1 });
  });

  describe("flush", () => {
    it("resolves when all traces that were queued are gone, whatever is queued afterwards", async () => {
      const { traces, deliveries } = sender([takes], { maxBatch: 2 });
      for (const name of [1, 2, 3]) traces.send(trace(name));
      const flushed = traces.flush();
      const more = setInterval(() => traces.send(trace("more")), 1);
      await expect(flushed).resolves.toBe(true);
      expect(deliveries.flat().slice(0, 3)).toEqual(["1", "2", "3"]);
      clearInterval(more);
      await traces.close();
    });

    it("sends a trace that is queued right after another flush", async () => {
      for (const ticks of [0, 1, 2, 3, 4, 5, 6]) {
        const { traces } = sender([takes]);
        traces.send(trace(1));
        await traces.flush();
        for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
        traces.send(trace(2));
        const flushed = traces.flush();
        await vi.advanceTimersByTimeAsync(0);
        expect(traces.stats(), `after ${ticks} ticks`).toMatchObject({ sent: 2 });
        await flushed;
      }
    });

    it("resolves with false in time while the server is down, and keeps the traces", async () => {
      const { traces, deliveries } = sender([isDown, isDown, isDown, isDown, takes]);
      traces.send(trace(1));
      const flushed = traces.flush({ timeoutMs: 2_000 });
      await vi.advanceTimersByTimeAsync(2_000);
      await expect(flushed).resolves.toBe(false);
      expect(traces.stats()).toMatchObject({ queued: 1, dropped: 0 });
      await vi.advanceTimersByTimeAsync(60_000);
      expect(deliveries.at(-1)).toEqual(["1"]);
      expect(traces.stats()).toMatchObject({ queued: 0, sent: 1 });
      expect(vi.getTimerCount()).toBe(0);
    });

    it("resolves at once if nothing is queued", async () => {
      const { traces, deliveries } = sender([takes]);
      await expect(traces.flush()).resolves.toBe(true);
      expect(deliveries).toEqual([]);
      expect(vi.getTimerCount()).toBe(0);
    });

    it("counts traces that are dropped meanwhile as gone", async () => {
      const { traces } = sender([isDown], { maxQueued: 2 });
      traces.send(trace(1));
      traces.send(trace(2));
      const flushed = traces.flush();
      await vi.advanceTimersByTimeAsync(10);
      traces.send(trace(3));
      traces.send(trace(4));
      await vi.advanceTimersByTimeAsync(10);
      await expect(flushed).resolves.toBe(true);
      expect(traces.stats()).toMatchObject({ queued: 2, dropped: 2 });
    });
  });

  describe("close", () => {
    it("sends the remaining traces, and accepts no more", async () => {
      const { traces, drops } = sender([takes]);
      traces.send(trace(1));
      await expect(traces.close()).resolves.toBe(true);
      traces.send(trace(2));
      expect(traces.stats()).toMatchObject({ sent: 1, dropped: 1 });
      expect(drops).toMatchObject([{ reason: "closed" }]);
    });

    it("drops traces that it cannot send in time, closes connections, and leaves no timers", async () => {
      const { traces, drops } = sender([() => new Promise(() => {})]);
      traces.send(trace(1));
      const closed = traces.close({ timeoutMs: 1_000 });
      await vi.advanceTimersByTimeAsync(1_000);
      await expect(closed).resolves.toBe(false);
      expect(drops).toMatchObject([{ reason: "closed" }]);
      expect(vi.getTimerCount()).toBe(0);
    });

    it("is called by await using", async () => {
      const { traces } = sender([takes]);
      {
        await using sending = traces;
        sending.send(trace(1));
      }
      expect(traces.stats()).toMatchObject({ queued: 0, sent: 1 });
    });
  });

  it.each([
    ["maxBatch", 0],
    ["maxBatch", 101],
    ["maxQueued", 1.5],
    ["maxQueued", 0],
    ["maxWaitMs", -1],
  ])("refuses %s: %d", (option, value) => {
    expect(() => sender([takes], { [option]: value })).toThrow(option);
  });
});
