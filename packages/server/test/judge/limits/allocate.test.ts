import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ModelLimits } from "../../../src/config/judge-settings.ts";
import { allocate, leaseMs } from "../../../src/judge/limits/allocate.ts";
import { type ModelState, toModelState } from "../../../src/judge/limits/model-state.ts";
import type { Grant, Report } from "../../../src/judge/limits/report.ts";

const quiet: Report = {
  process: "a",
  demand: 1,
  inFlight: 0,
  peak: 0,
  answered: 0,
  failed: [],
  hasUntried: true,
  throttled: null,
  reason: "",
  probe: "none",
  unused: { requests: 0, tokens: 0 },
};

const noLimits: ModelLimits = { concurrency: null, requestsPerMinute: null, tokensPerMinute: null };

/** One model with a manual clock. */
function model(limits: Partial<ModelLimits> = {}) {
  let state: ModelState = toModelState();
  const rules = { limits: { ...noLimits, ...limits }, firstPauseMs: 1_000 };
  return {
    now: 1_000_000,
    get state() {
      return state;
    },
    report(report: Partial<Report>): Grant {
      const { state: after, grant } = allocate(state, { ...quiet, ...report }, rules, this.now);
      state = after;
      return grant;
    },
  };
}

const throttled = { isNew: true, retryAfterMs: null };

describe("a limit of calls in flight", () => {
  test("is never exceeded, however processes start, stop, die and change their demand", () => {
    const steps = fc.array(
      fc.record({
        process: fc.constantFrom("a", "b", "c", "d", "e"),
        demand: fc.nat({ max: 40 }),
        /** The share of its granted calls that a process uses. */
        uses: fc.double({ min: 0, max: 1, noNaN: true }),
        afterMs: fc.nat({ max: 3_000 }),
      }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), steps, (concurrency, all) => {
        const one = model({ concurrency });
        /** The calls that each process may have in flight, and until when. */
        const held = new Map<string, { calls: number; until: number }>();
        for (const { process, demand, uses, afterMs } of all) {
          one.now += afterMs;
          const before = held.get(process);
          const may = before !== undefined && before.until > one.now ? before.calls : 0;
          const inFlight = Math.min(demand, Math.floor(may * uses));
          const grant = one.report({ process, demand, inFlight });
          held.set(process, { calls: Number(grant.calls), until: one.now + leaseMs });
          const alive = [...held.values()].filter(({ until }) => until > one.now);
          expect(alive.reduce((sum, { calls }) => sum + calls, 0)).toBeLessThanOrEqual(concurrency);
        }
      }),
    );
  });

  test("is shared in proportion to demand, and by turns if there are fewer slots than processes", () => {
    const one = model({ concurrency: 8 });
    one.report({ process: "a", demand: 30 });
    for (let n = 0; n < 4; n += 1) {
      one.report({ process: "b", demand: 10 });
      one.report({ process: "a", demand: 30 });
    }
    expect([one.state.leases["a"]?.calls, one.state.leases["b"]?.calls]).toEqual([6, 2]);

    const few = model({ concurrency: 1 });
    const served = new Set<string>();
    for (let n = 0; n < 60; n += 1) {
      few.now += 1_000;
      for (const process of ["a", "b", "c"]) {
        if (few.report({ process, demand: 5 }).calls === 1) served.add(process);
      }
    }
    expect([...served].sort()).toEqual(["a", "b", "c"]);
  });

  test("goes to other processes when one stops reporting", () => {
    const one = model({ concurrency: 4 });
    expect(one.report({ process: "dead", demand: 9 }).calls).toBe(4);
    expect(one.report({ process: "a", demand: 9 }).calls).toBe(0);
    one.now += leaseMs + 1;
    expect(one.report({ process: "a", demand: 9 }).calls).toBe(4);
  });
});

describe("a limit per minute", () => {
  test("holds in every minute, even if grants are used later", () => {
    const steps = fc.array(
      fc.record({ demand: fc.integer({ min: 1, max: 500 }), afterMs: fc.nat({ max: 2_000 }) }),
      {
        minLength: 1,
        maxLength: 150,
      },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), steps, (requestsPerMinute, all) => {
        const one = model({ requestsPerMinute });
        const granted: { at: number; count: number }[] = [];
        for (const { demand, afterMs } of all) {
          one.now += afterMs;
          granted.push({ at: one.now, count: Number(one.report({ demand }).requests) });
          const lately = granted.filter(({ at }) => at > one.now - 61_000);
          const count = lately.reduce((sum, each) => sum + each.count, 0);
          expect(count).toBeLessThanOrEqual(requestsPerMinute);
        }
      }),
    );
  });

  test("is used almost completely, down to one call per minute", () => {
    for (const [requestsPerMinute, least] of [
      [1, 1],
      [10, 8],
      [600, 560],
    ] as const) {
      const one = model({ requestsPerMinute });
      let count = 0;
      for (let second = 0; second < 120; second += 1) {
        one.now += 1_000;
        const got = Number(one.report({ demand: 1_000 }).requests);
        if (second >= 60) count += got;
      }
      expect(count).toBeGreaterThanOrEqual(requestsPerMinute === 1 ? 0 : least);
      expect(count).toBeLessThanOrEqual(requestsPerMinute);
    }
  });

  test("of tokens waits until the bucket has recovered from a large call", () => {
    const one = model({ tokensPerMinute: 6_000 });
    expect(one.report({ demand: 3 }).tokens).toBe(100);
    // A call of 1,100 tokens when 100 were left.
    expect(one.report({ demand: 3, unused: { requests: 0, tokens: -1_000 } }).tokens).toBe(0);
    one.now += 9_000;
    expect(one.report({ demand: 3 }).tokens).toBe(0);
    one.now += 3_000;
    expect(one.report({ demand: 3 }).tokens).toBeGreaterThan(0);
  });
});

describe("a model that answers 429", () => {
  test("gets half as many calls, at most once a second, and more again as it answers", () => {
    const one = model();
    one.report({ demand: 32, inFlight: 32, peak: 32 });
    expect(one.report({ demand: 32, inFlight: 31, peak: 32, answered: 1, throttled }).calls).toBe(16 + 15);
    one.now += 500;
    one.report({ demand: 32, inFlight: 16, peak: 16, answered: 9, throttled });
    expect(one.state.adaptive?.calls).toBeCloseTo(16 + 9 / 16, 1);
    one.now += 600;
    one.report({ demand: 32, inFlight: 16, peak: 16, answered: 1, throttled });
    expect(one.state.adaptive?.calls).toBe(8);
    for (let n = 0; n < 20; n += 1) {
      one.now += 1_000;
      one.report({ demand: 32, inFlight: 8, peak: 8, answered: 12 });
    }
    expect(one.state.adaptive?.calls).toBeGreaterThan(16);
  });

  test("is paused for longer and longer while it answers nothing else, or for as long as it asks", () => {
    const one = model();
    expect(one.report({ demand: 9, peak: 8, throttled }).pausedMs).toBe(0);
    const pauses = [1, 2, 3, 4, 5, 6, 7].map(() => {
      const { pausedMs } = one.report({ demand: 9, peak: 1, throttled, reason: "answered 429" });
      one.now += pausedMs;
      return pausedMs;
    });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(one.state.adaptive?.calls).toBe(1);
    expect(one.report({ throttled: { isNew: true, retryAfterMs: 45_000 } }).pausedMs).toBe(45_000);
    // A call that started before the last reported 429 says nothing new.
    expect(one.report({ throttled: { isNew: false, retryAfterMs: null } }).pausedMs).toBe(45_000);
    one.now += 45_000;
    expect(one.report({ demand: 9, answered: 1 })).toMatchObject({ pausedMs: 0, outage: null, calls: 2 });
    // Soon it gets as many calls as before.
    expect(one.report({ demand: 9, answered: 2 }).calls).toBe(4);
  });
});

describe("a model that is down", () => {
  const down = { failed: ["1", "2", "3", "4", "5"], reason: "answered 503" };

  test("is probed by one process at a time, after longer and longer pauses, until it answers", () => {
    const one = model();
    expect(one.report({ failed: ["1", "2", "3", "4"], reason: "answered 503" }).pausedMs).toBe(0);
    expect(one.report({ process: "b", failed: ["5"], reason: "answered 503" })).toMatchObject({
      pausedMs: 1_000,
      outage: { sinceMs: 0, reason: "answered 503" },
    });
    for (const pauseMs of [1_000, 2_000, 4_000]) {
      one.now += pauseMs;
      expect(one.report({ process: "b" })).toMatchObject({ isProbe: true, pausedMs: 0 });
      const others = one.report({ process: "a" });
      expect(others.isProbe).toBe(false);
      expect(others.pausedMs).toBeGreaterThan(0);
      const failed = one.report({ process: "b", failed: ["6"], probe: "failed", reason: "answered 503" });
      expect(failed.pausedMs).toBe(2 * pauseMs);
    }
    one.now += 8_000;
    expect(one.report({ process: "a" }).isProbe).toBe(true);
    expect(one.report({ process: "a", answered: 1 })).toMatchObject({
      isProbe: false,
      pausedMs: 0,
      outage: null,
    });
    expect(one.report({ process: "b" })).toMatchObject({ pausedMs: 0, outage: null });
  });

  test("is probed by another process if the probing one goes silent or was stopped", () => {
    const one = model();
    one.report(down);
    one.now += 1_000;
    expect(one.report({ process: "dies" }).isProbe).toBe(true);
    expect(one.report({ process: "a" }).isProbe).toBe(false);
    one.now += leaseMs;
    expect(one.report({ process: "a" }).isProbe).toBe(true);
    expect(one.report({ process: "a", demand: 0 }).isProbe).toBe(false);
    expect(one.report({ process: "b" }).isProbe).toBe(true);
  });

  test("is not down after failures with answers in between", () => {
    const one = model();
    for (let n = 0; n < 10; n += 1) {
      expect(one.report({ failed: ["1", "2", "3"], reason: "answered 500" }).pausedMs).toBe(0);
      one.report({ answered: 1 });
    }
  });

  test("is down only if different questions fail", () => {
    const one = model();
    for (let n = 0; n < 20; n += 1) {
      const failed = [n % 2 === 0 ? "poison" : "another"];
      expect(one.report({ failed, reason: "answered 500" })).toMatchObject({ pausedMs: 0, outage: null });
    }
  });

  test("is probed by a process with a question that has not failed yet, if there is one", () => {
    const one = model();
    one.report({ process: "a", ...down, hasUntried: false });
    one.report({ process: "b" });
    one.now += 1_000;
    expect(one.report({ process: "a", hasUntried: false }).isProbe).toBe(false);
    expect(one.report({ process: "b" }).isProbe).toBe(true);
    one.report({ process: "b", demand: 0, probe: "none" });
    expect(one.report({ process: "a", hasUntried: false }).isProbe).toBe(true);
  });
});
