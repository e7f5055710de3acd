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
const lastPollMs = 5_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const count = fc.integer({ min: 0, max: 10 });
const status = fc.constantFrom("PENDING", "RUNNING", "REBALANCING", "", "completed", "CANCELLED");
const unknownStatus: Step = () => Response.json({ ...sampleRun(), status: "REBALANCING" });
/** A run that has not ended, in a known or unknown state. */
const goesOn = fc.tuple(status, count, count).map(([name, evaluated_count, failed_count]): Step => {
  return () => Response.json({ ...sampleRun({ evaluated_count, failed_count }), status: name });
});
const passing: readonly fc.Arbitrary<Step>[] = [
  goesOn,
  fc
    .tuple(count, fc.integer({ min: 0, max: 60_000 }))
    .map(([evaluated, ms]) => holds({ evaluated_count: evaluated }, ms)),
  fc.constantFrom(408, 429, 500, 502, 503).map((code) => fails(code)),
  fc.integer({ min: 0, max: 100 }).map((seconds) => fails(429, { "retry-after": String(seconds) })),
  fc.integer({ min: 0, max: 100 }).map((seconds) => fails(429, { "ratelimit-reset": String(seconds) })),
  fc.constant(fails(503, { "retry-after": "86400" })),
  fc.constant(isUnreachable),
  fc.constant(hangs),
];
const slowed = (step: fc.Arbitrary<Step>) =>
  fc
    .tuple(step, fc.integer({ min: 0, max: 40_000 }))
    .map(([one, milliseconds]) => (milliseconds < 10_000 ? one : late(milliseconds - 10_000, one)));
/** Is up and down in turn, for one poll each. */
const flapping = fc
  .tuple(goesOn, fc.integer({ min: 1, max: 8 }))
  .map(([one, times]) => Array.from({ length: 2 * times }, (_, n) => (n % 2 === 0 ? isUnreachable : one)));
/** Refuses connections, then is up but not ready, then works again. */
const restarting = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 3 }), goesOn)
  .map(([down, unready, one]) => [
    ...Array<Step>(down).fill(isUnreachable),
    ...Array<Step>(unready).fill(fails(503, { "retry-after": "1" })),
    one,
  ]);
const phase = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(...passing.map(slowed)).map((step) => [step]) },
  { weight: 1, arbitrary: flapping },
  { weight: 1, arbitrary: restarting },
);
const behaviour = fc.array(phase, { maxLength: 30 }).map((phases) => phases.flat());
const end = fc.constantFrom(answers({ status: "COMPLETED" }), answers({ status: "FAILED" }));
const timeouts = fc.record({
  timeoutMs: fc.integer({ min: 1, max: 300_000 }),
  pollIntervalMs: fc.integer({ min: 1, max: 20_000 }),
  stallTimeoutMs: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
});

it.each(["waitForRun", "watchRun"] as const)(
  "%s holds its promises whatever the server does",
  { timeout: 240_000 },
  async (method) => {
    await fc.assert(
      fc.asyncProperty(behaviour, fc.option(end), timeouts, async (steps, last, options) => {
        const { client, polls } = scriptedRun(...steps, last ?? unknownStatus);
        const startedAt = performance.now();
        let changedAt = startedAt;
        let lastState = "";
        const watched = async () => {
          let state = "";
          for await (const { run } of client.watchRun(id, options)) {
            state = run.status;
            changedAt = performance.now();
            const now = JSON.stringify(run);
            // Never without a change.
            expect(now).not.toBe(lastState);
            lastState = now;
          }
          return state;
        };
        const waited = async () => (await client.waitForRun(id, { ...options, throwOnFailed: false })).status;
        let seenEnd = false;
        const waiting = (method === "watchRun" ? watched() : waited())
          .catch((error: Error) => error.name)
          .finally(() => {
            seenEnd = polls.length > steps.length && last !== null;
          });
        await vi.runAllTimersAsync();
        const result = await waiting;
        const { timeoutMs, pollIntervalMs, stallTimeoutMs = Number.POSITIVE_INFINITY } = options;

        expect(["COMPLETED", "FAILED", "RunWaitTimeoutError"]).toContain(result);
        // Never early: it resolves only after the server has said that the run ended.
        expect(result !== "RunWaitTimeoutError").toBe(seenEnd);
        // Never faster than the shortest pause.
        const gaps = polls.slice(1).map(({ at }, index) => at - (polls[index]?.at ?? 0));
        expect(Math.min(...gaps, Number.POSITIVE_INFINITY)).toBeGreaterThanOrEqual(pollIntervalMs);
        // Never later than its timeout plus one request.
        const endedAt = performance.now();
        expect(endedAt - startedAt).toBeLessThanOrEqual(timeoutMs + lastPollMs + 1);
        if (method === "watchRun")
          expect(endedAt - changedAt).toBeLessThanOrEqual(stallTimeoutMs + lastPollMs + 1);
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 200 },
    );
  },
);
