import { describe, expect, test } from "vitest";
import type { CallFailure } from "../../../src/judge/call/call-failure.ts";
import { type FailedCall, nextStep, noProgress, type Progress } from "../../../src/judge/call/retry.ts";

const policy = {
  maxAttempts: 4,
  callTimeoutMs: 60_000,
  questionTimeoutMs: 180_000,
  firstBackoffMs: 1_000,
  maxOutageMs: 900_000,
};

const failure: CallFailure = {
  kind: "refused",
  what: "answered 503",
  advice: "Retry later.",
  isRetryable: true,
  scope: "outage",
  retryAfterMs: null,
  isFree: true,
};

function step(
  progress: Progress,
  changes: Partial<CallFailure> = {},
  call: Partial<FailedCall> = {},
  now = 0,
) {
  const failed = { failure: { ...failure, ...changes }, tookMs: 100, isFailedProbe: false, ...call };
  return nextStep(progress, failed, policy, now, 0.5);
}

/** The steps of a question whose calls all fail in the same way. */
function steps(changes: Partial<CallFailure> = {}, call: Partial<FailedCall> = {}) {
  const waits: number[] = [];
  let progress = noProgress(policy);
  let now = 0;
  for (;;) {
    const next = step(progress, changes, call, now);
    if (next.kind === "give_up") return { waits, ...next };
    waits.push(next.waitMs);
    now += next.waitMs + 1_000;
    progress = next.progress;
    if (waits.length > 5_000) throw new Error("It never gives up.");
  }
}

test("pauses between attempts double, half of each is random, and attempts are limited", () => {
  expect(steps()).toMatchObject({ waits: [750, 1_500, 3_000], calls: 4 });
});

test("the pause is never shorter than the provider asks for", () => {
  expect(steps({ retryAfterMs: 20_000 })).toMatchObject({ waits: [21_000, 21_000, 21_000], calls: 4 });
});

test("a question ends within its time, however few attempts it had", () => {
  expect(steps({}, { tookMs: 60_000 })).toMatchObject({ calls: 3, spentMs: 182_250 });
  expect(steps({ retryAfterMs: 3_600_000 })).toMatchObject({ waits: [], calls: 1 });
});

test("a failure that is not retryable is not retried", () => {
  expect(steps({ isRetryable: false })).toMatchObject({ waits: [], calls: 1 });
});

describe("429s", () => {
  const rate = { scope: "rate" } as const;

  test("do not count as attempts, and end when the outage has lasted too long", () => {
    const { waits, spentMs } = steps(rate);
    expect(waits.slice(0, 4)).toEqual([0, 750, 1_500, 3_000]);
    expect(waits.length).toBeGreaterThan(20);
    expect(spentMs).toBeLessThanOrEqual(policy.maxOutageMs);
  });

  test("start over after another failure", () => {
    const throttled = step(noProgress(policy), rate);
    if (throttled.kind !== "retry") throw new Error("It should be retried.");
    const failed = step(throttled.progress);
    expect(failed).toMatchObject({ progress: { throttles: 0, attempts: 1, calls: 2 } });
  });
});

describe("a failed probe", () => {
  test("costs its question nothing if the model is down", () => {
    const next = step(noProgress(policy), {}, { isFailedProbe: true });
    expect(next).toMatchObject({ waitMs: 0, progress: { attempts: 0, calls: 1, leftMs: 180_000 } });
  });

  test("counts if the question may be at fault, and waits no longer than the model", () => {
    expect(steps({ scope: "maybe_outage" }, { isFailedProbe: true })).toMatchObject({
      waits: [0, 0, 0],
      calls: 4,
    });
  });
});
