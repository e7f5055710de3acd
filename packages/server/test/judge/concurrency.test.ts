/** @module-tag slow */
import { describe, expect, it, vi } from "vitest";
import { askTask, judgeWith, subjectWith } from "./support.ts";

function stoppable() {
  const controller = new AbortController();
  return { signal: controller.signal, stop: () => controller.abort(new Error("stopped")) };
}

const soon = { timeout: 5_000, interval: 5 };

describe("calls in flight", () => {
  it("never exceed the process's limit for a model", async () => {
    const { server, judge } = await judgeWith({ latencyMs: 15 }, { concurrency: 3 });
    await Promise.all(Array.from({ length: 12 }, () => askTask(judge)));
    expect(server.requests).toHaveLength(12);
    expect(server.maxInFlight).toBe(3);
  });

  it("to one model take no slots from another, or from an embedding model", async () => {
    const { server, judges } = await judgeWith(
      { fault: ({ body }) => (body.model === "hangs" ? { kind: "hang" } : undefined) },
      { concurrency: 2 },
    );
    const { signal, stop } = stoppable();
    const hanging = [1, 2, 3].map(() => askTask(judges.judgeFor("openai/hangs"), { signal }));
    await vi.waitFor(() => expect(server.inFlight).toBe(2), soon);
    expect(await askTask(judges.judgeFor("openai/works"))).toEqual({ task: expect.any(String) });
    expect(await judges.judgeFor("openai/hangs").embed(["a"], new AbortController().signal)).toHaveLength(1);
    stop();
    expect((await Promise.allSettled(hanging)).map(({ status }) => status)).toEqual(
      Array(3).fill("rejected"),
    );
  });

  it("release their slot while a question waits for a retry", async () => {
    const { server, judge } = await judgeWith(
      {
        fault: ({ n }) =>
          n === 1 ? { kind: "status", status: 503, headers: { "retry-after": "1" } } : undefined,
      },
      { concurrency: 1 },
    );
    const ended: string[] = [];
    await Promise.all([
      askTask(judge).then(() => ended.push("first")),
      askTask(judge).then(() => ended.push("second")),
    ]);
    expect(ended).toEqual(["second", "first"]);
    expect(server.requests).toHaveLength(3);
  });

  it("go to the trace that was started first", async () => {
    const asked: string[] = [];
    const { judge } = await judgeWith(
      {
        latencyMs: 5,
        answer: ({ body }) => {
          const text = JSON.stringify(body);
          asked.push(text.includes("the old one") ? "old" : "new");
          return undefined;
        },
      },
      { concurrency: 1 },
    );
    const old = subjectWith({ input: "the old one" });
    const first = askTask(judge, { subject: old });
    const newer = [1, 2, 3].map(() => askTask(judge, { subject: subjectWith({ input: "a new one" }) }));
    const second = first.then(() => askTask(judge, { subject: old }));
    await Promise.all([second, ...newer]);
    // The slot of the first question was taken before the second question was asked.
    expect(asked).toEqual(["old", "new", "old", "new", "new"]);
  });

  it("do not count the wait in the queue as time of the question", async () => {
    const { judge } = await judgeWith(
      { latencyMs: 60 },
      { concurrency: 1, callTimeoutMs: 500, questionTimeoutMs: 500 },
    );
    const answers = await Promise.all(Array.from({ length: 12 }, () => askTask(judge)));
    expect(answers).toHaveLength(12);
  });
});

describe("an aborted question", () => {
  const reason = new Error("cancelled");

  it("ends at once while it is in flight, and closes the connection", async () => {
    const { server, judge } = await judgeWith({ fault: () => ({ kind: "hang" }) });
    const controller = new AbortController();
    const asked = askTask(judge, { signal: controller.signal });
    await vi.waitFor(() => expect(server.inFlight).toBe(1), soon);
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    await vi.waitFor(() => expect(server.inFlight).toBe(0), soon);
    expect(server.requests).toHaveLength(1);
  });

  it("leaves the queue", async () => {
    const { server, judge } = await judgeWith(
      { fault: ({ n }) => (n === 1 ? { kind: "hang" } : undefined) },
      { concurrency: 1 },
    );
    const holding = new AbortController();
    const waiting = new AbortController();
    const first = askTask(judge, { signal: holding.signal });
    await vi.waitFor(() => expect(server.inFlight).toBe(1), soon);
    const second = askTask(judge, { signal: waiting.signal });
    waiting.abort(reason);
    await expect(second).rejects.toBe(reason);
    holding.abort(reason);
    await expect(first).rejects.toBe(reason);
    expect(await askTask(judge)).toEqual({ task: expect.any(String) });
    expect(server.requests).toHaveLength(2);
  });

  it("does not wait for its next attempt", async () => {
    const { server, judge } = await judgeWith(
      { fault: () => ({ kind: "status", status: 503 }) },
      { firstBackoffMs: 5_000 },
    );
    const controller = new AbortController();
    const asked = askTask(judge, { signal: controller.signal });
    await vi.waitFor(() => expect(server.requests).toHaveLength(1), soon);
    await vi.waitFor(() => expect(server.inFlight).toBe(0), soon);
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });

  it("is not asked at all if it was aborted before", async () => {
    const { server, judge } = await judgeWith();
    await expect(askTask(judge, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(judge.embed(["a"], AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(server.requests).toHaveLength(0);
  });
});
