import { AuthenticationError, ConnectionError } from "@pandaprobe/sdk";
import type { DroppedTrace, TraceSenderOptions } from "@pandaprobe/sdk/traces";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TraceSender } from "../../src/traces/trace-sender.ts";

const startedAt = "2026-03-29T10:00:00.000Z";
const trace = (name: string | number) => ({ name: `${name}`, started_at: startedAt });
const down = new ConnectionError("It is down.");

/** A sender over a link with this latency. Each delivery then ends as `answer` does. */
function overSlowLink(latencyMs: number, answer: () => void = () => {}, options: TraceSenderOptions = {}) {
  const drops: DroppedTrace[] = [];
  const link = { inFlight: 0, most: 0, batches: 0, drops };
  const traces = new TraceSender(
    async () => {
      link.batches += 1;
      link.inFlight += 1;
      link.most = Math.max(link.most, link.inFlight);
      await new Promise((resolve) => setTimeout(resolve, latencyMs));
      link.inFlight -= 1;
      answer();
      return [];
    },
    { onDrop: (dropped) => drops.push(dropped), ...options },
  );
  return Object.assign(link, { traces });
}

describe("a sender with several batches in flight", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("delivers a burst of 10,000 traces over a link of 100 ms before an ending program stops waiting", async () => {
    const { traces, drops } = overSlowLink(100);
    for (let index = 0; index < 10_000; index += 1) traces.send(trace(index));
    const flushed = traces.flush({ timeoutMs: 5_000 });
    await vi.advanceTimersByTimeAsync(5_000);
    await expect(flushed).resolves.toBe(true);
    expect(drops).toEqual([]);
    expect(traces.stats()).toEqual({ queued: 0, queuedBytes: 0, sent: 10_000, dropped: 0 });
  });

  it("keeps up with 5,000 traces a second over a link of 100 ms", async () => {
    const link = overSlowLink(100);
    for (let ms = 0; ms < 5_000; ms += 1) {
      for (let index = 0; index < 5; index += 1) link.traces.send(trace(index));
      await vi.advanceTimersByTimeAsync(1);
    }
    await vi.advanceTimersByTimeAsync(2_000);
    expect(link.drops).toEqual([]);
    expect(link.traces.stats()).toMatchObject({ queued: 0, sent: 25_000 });
    expect(link.most).toBeLessThanOrEqual(6);
    // All batches except the last are full: more requests in flight must not make them smaller.
    expect(link.batches).toBeLessThanOrEqual(252);
  });

  it("sends one batch at a time to a failing server, and no more often than before", async () => {
    let isUp = true;
    const link = overSlowLink(100, () => {
      if (!isUp) throw down;
    });
    const { traces } = link;
    for (let index = 0; index < 5_000; index += 1) traces.send(trace(index));
    await vi.advanceTimersByTimeAsync(450);
    expect(link.inFlight).toBeGreaterThan(3);
    isUp = false;
    await vi.advanceTimersByTimeAsync(200);
    expect(link.inFlight).toBe(0);
    Object.assign(link, { most: 0, batches: 0 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(link.most).toBe(1);
    // After pauses of at least ½, 1, 2, 4, 5, 5, … s: batches that were in flight together count as one failure.
    expect(link.batches).toBeGreaterThan(6);
    expect(link.batches).toBeLessThan(17);
    isUp = true;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(link.drops).toEqual([]);
    expect(traces.stats()).toMatchObject({ queued: 0, sent: 5_000 });
  });

  it("makes one request with a wrong key, however many traces wait", async () => {
    const link = overSlowLink(100, () => {
      throw new AuthenticationError("Unknown key.", {
        operation: "createTraceBatch",
        status: 401,
        retryAfterSeconds: null,
      });
    });
    for (let index = 0; index < 1_000; index += 1) link.traces.send(trace(index));
    await vi.advanceTimersByTimeAsync(10_000);
    expect({ most: link.most, batches: link.batches }).toEqual({ most: 1, batches: 10 });
  });

  it("finds the bad trace while other batches get through", async () => {
    const drops: DroppedTrace[] = [];
    const traces = new TraceSender(
      async (given) => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        if (given.some((json) => json.includes('"bad"')) && given.length > 1) throw down;
        return given.map((json) => (json.includes('"bad"') ? "It is bad." : undefined));
      },
      { onDrop: (dropped) => drops.push(dropped), maxBatch: 10 },
    );
    for (let index = 0; index < 1_000; index += 1) traces.send(trace(index === 333 ? "bad" : index));
    const more = setInterval(() => traces.send(trace("more")), 10);
    await vi.advanceTimersByTimeAsync(120_000);
    clearInterval(more);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(drops).toMatchObject([{ reason: "refused", error: "It is bad." }]);
    expect(traces.stats()).toMatchObject({ queued: 0, dropped: 1 });
  });
});
