import fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
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
const lastLookMs = 5_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const count = fc.integer({ min: 0, max: 10 });
const unknownStatus: Step = () => Response.json({ ...sampleRun(), status: "REBALANCING" });
const kinds: readonly fc.Arbitrary<Step>[] = [
  count.map((evaluated) => answers({ evaluated_count: evaluated })),
  fc
    .tuple(count, fc.integer({ min: 0, max: 60_000 }))
    .map(([evaluated, ms]) => holds({ evaluated_count: evaluated }, ms)),
  fc.constantFrom(408, 429, 500, 502, 503).map((status) => fails(status)),
  fc.integer({ min: 0, max: 100 }).map((seconds) => fails(429, { "retry-after": String(seconds) })),
  fc.constant(isUnreachable),
  fc.constant(hangs),
  fc.constant(unknownStatus),
];
const slowed = fc
  .tuple(fc.oneof(...kinds), fc.integer({ min: 0, max: 40_000 }))
  .map(([step, milliseconds]) => (milliseconds < 10_000 ? step : late(milliseconds - 10_000, step)));
const end = fc.constantFrom(answers({ status: "COMPLETED" }), answers({ status: "FAILED" }));

it("holds its promises whatever the server does", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(slowed, { maxLength: 40 }),
      fc.option(end),
      fc.integer({ min: 1, max: 300_000 }),
      fc.integer({ min: 1, max: 20_000 }),
      async (steps, last, timeoutMs, pollIntervalMs) => {
        const final = last ?? unknownStatus;
        const { client, looks } = scriptedRun(...steps, final);
        const startedAt = performance.now();
        let seenEnd = false;
        const waiting = client
          .waitForRun(id, { timeoutMs, pollIntervalMs, throwOnFailed: false })
          .then(
            (run) => run.status,
            (error: Error) => error.name,
          )
          .finally(() => {
            seenEnd = looks.length > steps.length && last !== null;
          });
        await vi.runAllTimersAsync();
        const result = await waiting;

        expect(["COMPLETED", "FAILED", "RunWaitTimeoutError"]).toContain(result);
        // Never early: it ends well only once the server has said so.
        expect(result !== "RunWaitTimeoutError").toBe(seenEnd);
        // Never faster than the floor.
        const gaps = looks.slice(1).map(({ at }, index) => at - (looks[index]?.at ?? 0));
        expect(Math.min(...gaps, Number.POSITIVE_INFINITY)).toBeGreaterThanOrEqual(pollIntervalMs);
        // Never later than its timeout and one request.
        expect(performance.now() - startedAt).toBeLessThanOrEqual(timeoutMs + lastLookMs + 1);
        expect(vi.getTimerCount()).toBe(0);
      },
    ),
    { numRuns: 200 },
  );
});
