import type { RunProgress } from "@pandaprobe/sdk";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sampleRun } from "./support/sample-run.ts";
import { answers, fails, hangs, holds, isUnreachable, late, scriptedRun } from "./support/scripted-run.ts";

const { id } = sampleRun();
const completed = { status: "COMPLETED", evaluated_count: 10 } as const;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

async function collect(watch: AsyncIterable<RunProgress>): Promise<string[]> {
  const seen: string[] = [];
  for await (const { run, evaluated, total } of watch) seen.push(`${run.status} ${evaluated}/${total}`);
  return seen;
}

/** The result of a promise, or its error, while the fake clock runs as fast as it can. */
async function outcome<T>(promise: Promise<T>): Promise<T | unknown> {
  const settled = promise.catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return settled;
}

describe("watchRun", () => {
  it("yields every change, and ends with the run", async () => {
    const { client, polls } = scriptedRun(
      answers({ status: "PENDING" }),
      fails(503),
      holds({ evaluated_count: 3 }, 2_000),
      holds({ evaluated_count: 3 }),
      isUnreachable,
      answers(completed),
    );
    await expect(outcome(collect(client.watchRun(id)))).resolves.toEqual([
      "PENDING 0/10",
      "RUNNING 3/10",
      "COMPLETED 10/10",
    ]);
    expect(polls).toHaveLength(6);
  });

  it("begins with the given run, and ends at once if that has ended", async () => {
    const { client, polls } = scriptedRun(answers(completed));
    await expect(outcome(collect(client.watchRun(sampleRun(completed))))).resolves.toEqual([
      "COMPLETED 10/10",
    ]);
    expect(polls).toHaveLength(0);
    await expect(outcome(collect(client.watchRun(sampleRun())))).resolves.toHaveLength(2);
  });

  it("yields a FAILED run last, and does not throw", async () => {
    const { client } = scriptedRun(answers(), answers({ status: "FAILED", error_message: "Cancelled" }));
    await expect(outcome(collect(client.watchRun(id)))).resolves.toEqual(["RUNNING 0/10", "FAILED 0/10"]);
  });

  it("stops polling when its reader leaves, and leaves nothing behind", async () => {
    const { client, polls } = scriptedRun(answers());
    for await (const { evaluated } of client.watchRun(id)) if (evaluated === 0) break;
    await vi.runAllTimersAsync();
    expect(polls).toHaveLength(1);
  });

  it.each([
    ["a request", hangs],
    ["a pause", answers()],
    ["a failure's pause", isUnreachable],
  ])("ends on return() during %s, which also ends a pending next()", async (_what, step) => {
    const { client, polls } = scriptedRun(answers(), step);
    const watch = client.watchRun(id);
    await watch.next();
    const next = watch.next();
    await vi.advanceTimersByTimeAsync(600);
    const pollsSoFar = polls.length;
    await expect(watch.return()).resolves.toEqual({ done: true, value: undefined });
    await expect(next).resolves.toEqual({ done: true, value: undefined });
    await expect(watch.next()).resolves.toEqual({ done: true, value: undefined });
    expect(vi.getTimerCount()).toBe(0);
    expect(polls).toHaveLength(pollsSoFar);
  });

  it("rejects with the signal's reason, in a request and in a pause", async () => {
    for (const step of [hangs, answers()]) {
      const { client } = scriptedRun(answers(), step);
      const controller = new AbortController();
      const settled = collect(client.watchRun(id, { signal: controller.signal })).catch((error) => error);
      await vi.advanceTimersByTimeAsync(600);
      controller.abort("enough");
      await expect(settled).resolves.toBe("enough");
    }
  });

  it("throws what waitForRun throws: a timeout, and errors that are not retryable", async () => {
    const never = scriptedRun(answers());
    await expect(outcome(collect(never.client.watchRun(id, { timeoutMs: 5_000 })))).resolves.toMatchObject({
      name: "RunWaitTimeoutError",
    });
    const gone = scriptedRun(answers(), fails(404));
    await expect(outcome(collect(gone.client.watchRun(id)))).resolves.toMatchObject({
      name: "NotFoundError",
    });
  });

  it("polls neither more often for a slow reader nor late for a fast one", async () => {
    const { client, polls } = scriptedRun(answers(), answers({ evaluated_count: 1 }), answers(completed));
    const startedAt = performance.now();
    const reading = (async () => {
      for await (const { evaluated } of client.watchRun(id, { pollIntervalMs: 1_000 })) {
        if (evaluated === 0) await new Promise((resolve) => setTimeout(resolve, 7_000));
      }
    })();
    await outcome(reading);
    expect(polls.map(({ at }) => Math.round((at - startedAt) / 1_000))).toEqual([0, 7, 8]);
  });
});

describe("a run that stalls", () => {
  const stalled = (rest: object) => ({ name: "RunWaitTimeoutError", code: "stalled", ...rest });

  it("ends the wait when nothing has changed for stallTimeoutMs", async () => {
    const { client } = scriptedRun(answers({ evaluated_count: 4 }));
    const startedAt = performance.now();
    const error = await outcome(client.waitForRun(id, { stallTimeoutMs: 60_000 }));
    expect(error).toMatchObject(stalled({ runId: id, run: { evaluated_count: 4 } }));
    expect(error).toHaveProperty(
      "message",
      `Run ${id} did not change for 60 s: it is RUNNING with 4 of 10 evaluated. Is a worker running? It goes on; wait again, or raise stallTimeoutMs.`,
    );
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(60_000);
    expect(performance.now() - startedAt).toBeLessThan(66_000);
  });

  it("counts from the last change", async () => {
    const steps = [1, 2, 3, 4].map((count) => late(40_000, answers({ evaluated_count: count })));
    const options = { stallTimeoutMs: 60_000, timeoutMs: 600_000 };
    const moving = scriptedRun(answers(), ...steps, answers(completed));
    // The server holds each response, so it takes longer than a poll may otherwise.
    const client = moving.client.withOptions({ timeoutMs: 50_000 });
    await expect(outcome(client.waitForRun(id, options))).resolves.toMatchObject(completed);
  });

  it("also ends a watch, even if the run cannot be read at all", async () => {
    const { client } = scriptedRun(isUnreachable);
    const error = await outcome(collect(client.watchRun(id, { stallTimeoutMs: 5_000 })));
    expect(error).toMatchObject(stalled({ run: null, cause: { name: "ConnectionError" } }));
  });

  it("is a timeout if that comes first", async () => {
    const { client } = scriptedRun(answers());
    const options = { stallTimeoutMs: 60_000, timeoutMs: 10_000 };
    await expect(outcome(client.waitForRun(id, options))).resolves.toMatchObject({ code: "timeout" });
  });

  it("is not a stall if the last poll shows a change", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const { client, polls } = scriptedRun(
      answers(),
      answers(),
      answers({ evaluated_count: 1 }),
      answers(completed),
    );
    const options = { stallTimeoutMs: 1_100, pollIntervalMs: 500 };
    await expect(outcome(client.waitForRun(id, options))).resolves.toMatchObject(completed);
    expect(polls).toHaveLength(4);
    vi.restoreAllMocks();
  });

  it.each([0, -1, Number.NaN])("refuses a stallTimeoutMs of %d", async (stallTimeoutMs) => {
    const { client } = scriptedRun(answers());
    await expect(client.waitForRun(id, { stallTimeoutMs })).rejects.toThrow(/^stallTimeoutMs must be/);
  });
});
