import { RunFailedError, type RunProgress, RunWaitTimeoutError } from "@pandaprobe/sdk";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sampleRun } from "./support/sample-run.ts";
import {
  answers,
  fails,
  hangs,
  holds,
  isUnreachable,
  late,
  type Step,
  scriptedRun,
} from "./support/scripted-run.ts";

const { id } = sampleRun();
const completed = { status: "COMPLETED", evaluated_count: 10 } as const;

describe("waitForRun", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  /** The result of a promise, or its error, while the fake clock runs as fast as it can. */
  async function outcome<T>(promise: Promise<T>): Promise<T | unknown> {
    const settled = promise.catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    return settled;
  }

  it("returns a run that has ended at once", async () => {
    const { client, polls } = scriptedRun(answers(completed));
    await expect(client.waitForRun(id)).resolves.toMatchObject(completed);
    expect(polls).toHaveLength(1);
    const run = sampleRun(completed);
    await expect(client.waitForRun(run)).resolves.toBe(run);
    expect(polls).toHaveLength(1);
  });

  it("polls less and less often while nothing changes, then often again", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const same = answers();
    const { client, polls } = scriptedRun(
      ...[same, same, same, same, same, same, same, same, same, same],
      answers({ evaluated_count: 1 }),
      answers(completed),
    );
    await outcome(client.waitForRun(id));
    const gaps = polls.slice(1).map(({ at }, index) => Math.round(at - (polls[index]?.at ?? 0)));
    expect(gaps).toEqual([500, 750, 1125, 1688, 2532, 3797, 5696, 8543, 10_000, 10_000, 500]);
  });

  it("long-polls if the server holds its response", async () => {
    const { client, polls } = scriptedRun(
      holds({}),
      holds({ evaluated_count: 1 }, 4_000),
      holds({ evaluated_count: 2 }, 100),
      holds({ evaluated_count: 2 }),
      holds(completed, 7_000),
    );
    const startedAt = performance.now();
    await expect(outcome(client.waitForRun(id))).resolves.toMatchObject(completed);
    expect(polls.map(({ at, waitSeconds }) => [Math.round(at - startedAt), waitSeconds])).toEqual([
      [0, 0],
      [500, 30],
      [4_500, 30],
      // The third response came after 100 ms, which is less than the shortest pause between two polls.
      [5_000, 30],
      [35_000, 30],
    ]);
  });

  it("starts with a long poll if it gets the run itself", async () => {
    const { client, polls } = scriptedRun(holds(completed, 1_000));
    await outcome(client.waitForRun(sampleRun()));
    expect(polls.map(({ waitSeconds }) => waitSeconds)).toEqual([30]);
  });

  it("asks the server to hold its response no longer than its own timeout", async () => {
    const { client, polls } = scriptedRun(answers({}), holds({}));
    await expect(outcome(client.waitForRun(id, { timeoutMs: 10_000 }))).resolves.toBeInstanceOf(
      RunWaitTimeoutError,
    );
    const [first, second, ...last] = polls.map(({ waitSeconds }) => waitSeconds);
    expect([first, second, new Set(last)]).toEqual([0, 8, new Set([0])]);
  });

  it("does not treat an unknown status as the end", async () => {
    const paused = { ...sampleRun(), status: "PAUSED" };
    const { client, polls } = scriptedRun(() => Response.json(paused), answers(completed));
    await expect(outcome(client.waitForRun(id))).resolves.toMatchObject(completed);
    expect(polls).toHaveLength(2);
  });

  it("throws for a FAILED run, or returns it", async () => {
    const failed = { status: "FAILED", error_message: "Cancelled", evaluated_count: 3 } as const;
    const { client } = scriptedRun(answers(failed));
    const error = await outcome(client.waitForRun(id));
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({
      name: "RunFailedError",
      run: failed,
      message: expect.stringContaining(`Run ${id} failed with 3 of 10 evaluated: Cancelled. Its scores`),
    });
    await expect(client.waitForRun(id, { throwOnFailed: false })).resolves.toMatchObject(failed);
  });

  it.each([
    ["no connection", isUnreachable],
    ["a request without an answer", late(20_000, isUnreachable)],
    ["a 500", fails(500)],
    ["a 503", fails(503)],
    ["a 408", fails(408)],
    ["a rate limit", fails(429)],
    ["a hanging server", hangs],
  ])("survives %s", async (_what, step) => {
    const { client, polls } = scriptedRun(answers(), step, step, answers(completed));
    await expect(outcome(client.waitForRun(id))).resolves.toMatchObject(completed);
    expect(polls).toHaveLength(4);
  });

  it("waits as long as Retry-After says", async () => {
    const { client, polls } = scriptedRun(fails(429, { "retry-after": "42" }), answers(completed));
    await outcome(client.waitForRun(id));
    expect((polls[1]?.at ?? 0) - (polls[0]?.at ?? 0)).toBeGreaterThanOrEqual(42_000);
  });

  it.each([400, 401, 404, 422])("rejects at once with an error that is not retryable: %i", async (status) => {
    const { client, polls } = scriptedRun(answers(), fails(status), answers(completed));
    await expect(outcome(client.waitForRun(id))).resolves.toMatchObject({ status });
    expect(polls).toHaveLength(2);
  });

  it("gives up at its timeout, with the run as last seen", async () => {
    const { client } = scriptedRun(answers({ evaluated_count: 4 }));
    const startedAt = performance.now();
    const error = await outcome(client.waitForRun(id, { timeoutMs: 60_000 }));
    expect(error).toBeInstanceOf(RunWaitTimeoutError);
    expect(error).toMatchObject({ runId: id, run: { evaluated_count: 4 } });
    expect(error).toHaveProperty(
      "message",
      expect.stringContaining("did not end within 60 s: it is RUNNING with 4 of 10"),
    );
    expect(performance.now() - startedAt).toBeCloseTo(60_000, 0);
  });

  it("waits half an hour by default", async () => {
    const { client } = scriptedRun(answers());
    const startedAt = performance.now();
    await outcome(client.waitForRun(id));
    expect(performance.now() - startedAt).toBeCloseTo(30 * 60_000, 0);
  });

  it("makes a last poll at its timeout, unless that is too soon", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const options = { timeoutMs: 1_100, pollIntervalMs: 500 };
    const { client, polls } = scriptedRun(answers(), answers(), answers(completed));
    await expect(outcome(client.waitForRun(id, options))).resolves.toMatchObject(completed);
    expect((polls[2]?.at ?? 0) - (polls[0]?.at ?? 0)).toBeCloseTo(1_100, 0);

    const late = scriptedRun(answers(), answers(), answers(completed));
    const error = await outcome(late.client.waitForRun(id, { ...options, timeoutMs: 900 }));
    expect(error).toBeInstanceOf(RunWaitTimeoutError);
    expect(late.polls).toHaveLength(2);
  });

  it("reports the last failure in its timeout", async () => {
    const { client } = scriptedRun(isUnreachable);
    const error = await outcome(client.waitForRun(id, { timeoutMs: 5_000 }));
    expect(error).toMatchObject({
      name: "RunWaitTimeoutError",
      run: null,
      cause: { name: "ConnectionError" },
    });
    expect(error).toHaveProperty("message", expect.stringMatching(/could not be read.*no response from/));
  });

  it("exceeds its timeout by one short request at most, even if the server hangs", async () => {
    const { client } = scriptedRun(answers(), hangs);
    const startedAt = performance.now();
    const error = await outcome(client.waitForRun(id, { timeoutMs: 20_000 }));
    expect(error).toBeInstanceOf(RunWaitTimeoutError);
    expect(performance.now() - startedAt).toBeLessThanOrEqual(25_000);
  });

  it("reports progress on every change, and only on changes", async () => {
    const seen: RunProgress[] = [];
    const { client } = scriptedRun(
      answers({ status: "PENDING" }),
      answers({ status: "PENDING" }),
      late(1_000, answers({ evaluated_count: 5, failed_count: 1 })),
      answers({ evaluated_count: 5, failed_count: 1 }),
      answers({ ...completed, failed_count: 1 }),
    );
    await outcome(
      client.waitForRun(id, { onProgress: (progress) => seen.push(progress), pollIntervalMs: 1_000 }),
    );
    expect(seen.map(({ run, evaluated, total, failed }) => [run.status, evaluated, total, failed])).toEqual([
      ["PENDING", 0, 10, 0],
      ["RUNNING", 5, 10, 1],
      ["COMPLETED", 10, 10, 1],
    ]);
    const [first, second, last] = seen;
    expect(first).toMatchObject({ ratePerSecond: 0, remainingMs: null });
    expect(second?.ratePerSecond).toBeCloseTo(5_000 / (second?.elapsedMs ?? 0), 5);
    // Half is done, so the rest takes as long again.
    expect(second?.remainingMs).toBeCloseTo(second?.elapsedMs ?? 0, 5);
    expect(last?.remainingMs).toBe(0);
  });

  it("reports the run that it gets", async () => {
    const onProgress = vi.fn<(progress: RunProgress) => void>();
    const { client } = scriptedRun(answers(completed));
    await outcome(client.waitForRun(sampleRun(), { onProgress }));
    expect(onProgress.mock.calls.map(([{ run }]) => run.status)).toEqual(["RUNNING", "COMPLETED"]);
  });

  it("rejects with the error that onProgress throws", async () => {
    const { client } = scriptedRun(answers());
    const onProgress = () => {
      throw new Error("mine");
    };
    await expect(outcome(client.waitForRun(id, { onProgress }))).resolves.toEqual(new Error("mine"));
  });

  it("waits for onProgress, and rejects with its rejection", async () => {
    const { client, polls } = scriptedRun(answers(), answers(completed));
    const onProgress = async ({ evaluated }: RunProgress) => {
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      if (evaluated === 10) throw new Error("mine");
    };
    await expect(outcome(client.waitForRun(id, { onProgress }))).resolves.toEqual(new Error("mine"));
    expect((polls[1]?.at ?? 0) - (polls[0]?.at ?? 0)).toBeGreaterThanOrEqual(5_000);
  });

  it.each([
    ["during a poll", 2_000],
    ["for much longer than it may wait", 3_600_000],
  ])("polls once more if the process was frozen beyond the deadline, %s", async (_when, frozenMs) => {
    let frozen = 0;
    const now = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => now() + frozen);
    const freezes: Step = (request, poll) => {
      frozen = 6_000 + frozenMs;
      return hangs(request, poll);
    };
    const { client, polls } = scriptedRun(answers(), freezes, answers(completed));
    await expect(outcome(client.waitForRun(id, { timeoutMs: 8_000 }))).resolves.toMatchObject(completed);
    expect(polls).toHaveLength(3);
  });

  it("polls once more after the process was frozen", async () => {
    let frozen = 0;
    const now = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => now() + frozen);
    const { client } = scriptedRun(answers(), answers(completed));
    const onProgress = () => {
      frozen = 60_000;
    };
    const waiting = client.waitForRun(id, { timeoutMs: 400, onProgress });
    await expect(outcome(waiting)).resolves.toMatchObject(completed);
  });

  it.each([
    ["a request", hangs],
    ["a pause", answers()],
    ["a failure's pause", isUnreachable],
  ])("rejects with the signal's reason during %s", async (_what, step) => {
    const { client, polls } = scriptedRun(answers(), step);
    const controller = new AbortController();
    const settled = client.waitForRun(id, { signal: controller.signal }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(600);
    const pollsSoFar = polls.length;
    controller.abort("enough");
    await expect(settled).resolves.toBe("enough");
    await vi.runAllTimersAsync();
    expect(polls).toHaveLength(pollsSoFar);
  });

  it.each([{ timeoutMs: 0 }, { timeoutMs: Number.NaN }, { pollIntervalMs: 0 }, { pollIntervalMs: -1 }])(
    "refuses %j",
    async (options) => {
      const { client } = scriptedRun(answers());
      await expect(client.waitForRun(id, options)).rejects.toThrow(TypeError);
    },
  );
});
