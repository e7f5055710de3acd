import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitrate, leaseMs } from "../../../src/judge/limits/arbitrate.ts";
import { type ModelState, unknownModel } from "../../../src/judge/limits/model-state.ts";
import type { Grant, Report } from "../../../src/judge/limits/report.ts";
import type { ModelLimits } from "../../../src/judge-settings.ts";

const quiet: Report = {
  process: "a",
  demand: 1,
  inFlight: 0,
  peak: 0,
  answered: 0,
  failures: 0,
  throttled: null,
  reason: "",
  probe: "none",
  unused: { requests: 0, tokens: 0 },
};

const noLimits: ModelLimits = { concurrency: null, requestsPerMinute: null, tokensPerMinute: null };

/** One model, with a clock that is set by hand. */
function model(limits: Partial<ModelLimits> = {}) {
  let state: ModelState = unknownModel;
  const rules = { limits: { ...noLimits, ...limits }, firstPauseMs: 1_000 };
  return {
    now: 1_000_000,
    get state() {
      return state;
    },
    tell(report: Partial<Report>): Grant {
      const { state: after, grant } = arbitrate(state, { ...quiet, ...report }, rules, this.now);
      state = after;
      return grant;
    },
  };
}

const throttled = { isNew: true, retryAfterMs: null };

describe("a limit of calls in flight", () => {
  test("is never exceeded, however processes come, go, die and want", () => {
    const steps = fc.array(
      fc.record({
        process: fc.constantFrom("a", "b", "c", "d", "e"),
        demand: fc.nat({ max: 40 }),
        /** The share of what it may have in flight that it has. */
        uses: fc.double({ min: 0, max: 1, noNaN: true }),
        afterMs: fc.nat({ max: 3_000 }),
      }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), steps, (concurrency, all) => {
        const one = model({ concurrency });
        /** What each process may have in flight, until when. */
        const held = new Map<string, { places: number; until: number }>();
        for (const { process, demand, uses, afterMs } of all) {
          one.now += afterMs;
          const before = held.get(process);
          const may = before !== undefined && before.until > one.now ? before.places : 0;
          const inFlight = Math.min(demand, Math.floor(may * uses));
          const grant = one.tell({ process, demand, inFlight });
          held.set(process, { places: Number(grant.places), until: one.now + leaseMs });
          const alive = [...held.values()].filter(({ until }) => until > one.now);
          expect(alive.reduce((sum, { places }) => sum + places, 0)).toBeLessThanOrEqual(concurrency);
        }
      }),
    );
  });

  test("is shared in proportion to demand, and in turns where there are too few places", () => {
    const one = model({ concurrency: 8 });
    one.tell({ process: "a", demand: 30 });
    for (let n = 0; n < 4; n += 1) {
      one.tell({ process: "b", demand: 10 });
      one.tell({ process: "a", demand: 30 });
    }
    expect([one.state.leases["a"]?.places, one.state.leases["b"]?.places]).toEqual([6, 2]);

    const few = model({ concurrency: 1 });
    const served = new Set<string>();
    for (let n = 0; n < 60; n += 1) {
      few.now += 1_000;
      for (const process of ["a", "b", "c"]) {
        if (few.tell({ process, demand: 5 }).places === 1) served.add(process);
      }
    }
    expect([...served].sort()).toEqual(["a", "b", "c"]);
  });

  test("goes to the others when a process is silent", () => {
    const one = model({ concurrency: 4 });
    expect(one.tell({ process: "dead", demand: 9 }).places).toBe(4);
    expect(one.tell({ process: "a", demand: 9 }).places).toBe(0);
    one.now += leaseMs + 1;
    expect(one.tell({ process: "a", demand: 9 }).places).toBe(4);
  });
});

describe("a limit for a minute", () => {
  test("holds in every minute, also for what is granted and used later", () => {
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
          granted.push({ at: one.now, count: Number(one.tell({ demand }).requests) });
          const lately = granted.filter(({ at }) => at > one.now - 61_000);
          const count = lately.reduce((sum, each) => sum + each.count, 0);
          expect(count).toBeLessThanOrEqual(requestsPerMinute);
        }
      }),
    );
  });

  test("is used to nearly all of it, down to one call", () => {
    for (const [requestsPerMinute, least] of [
      [1, 1],
      [10, 8],
      [600, 560],
    ] as const) {
      const one = model({ requestsPerMinute });
      let count = 0;
      for (let second = 0; second < 120; second += 1) {
        one.now += 1_000;
        const got = Number(one.tell({ demand: 1_000 }).requests);
        if (second >= 60) count += got;
      }
      expect(count).toBeGreaterThanOrEqual(requestsPerMinute === 1 ? 0 : least);
      expect(count).toBeLessThanOrEqual(requestsPerMinute);
    }
  });

  test("of tokens waits until what a large call took has come in again", () => {
    const one = model({ tokensPerMinute: 6_000 });
    expect(one.tell({ demand: 3 }).tokens).toBe(100);
    // A call of 1,100 where 100 were left.
    expect(one.tell({ demand: 3, unused: { requests: 0, tokens: -1_000 } }).tokens).toBe(0);
    one.now += 9_000;
    expect(one.tell({ demand: 3 }).tokens).toBe(0);
    one.now += 3_000;
    expect(one.tell({ demand: 3 }).tokens).toBeGreaterThan(0);
  });
});

describe("a model that refuses calls for there are too many", () => {
  test("gets half as many, at most once a second, and more again as it answers", () => {
    const one = model();
    one.tell({ demand: 32, inFlight: 32, peak: 32 });
    expect(one.tell({ demand: 32, inFlight: 31, peak: 32, answered: 1, throttled }).places).toBe(16 + 15);
    one.now += 500;
    one.tell({ demand: 32, inFlight: 16, peak: 16, answered: 9, throttled });
    expect(one.state.allowance?.places).toBeCloseTo(16 + 9 / 16, 1);
    one.now += 600;
    one.tell({ demand: 32, inFlight: 16, peak: 16, answered: 1, throttled });
    expect(one.state.allowance?.places).toBe(8);
    for (let n = 0; n < 20; n += 1) {
      one.now += 1_000;
      one.tell({ demand: 32, inFlight: 8, peak: 8, answered: 12 });
    }
    expect(one.state.allowance?.places).toBeGreaterThan(16);
  });

  test("is left alone for longer and longer where nothing is answered, or as long as it asks", () => {
    const one = model();
    expect(one.tell({ demand: 9, peak: 8, throttled }).closedMs).toBe(0);
    const pauses = [1, 2, 3, 4, 5, 6, 7].map(() => {
      const { closedMs } = one.tell({ demand: 9, peak: 1, throttled, reason: "answered 429" });
      one.now += closedMs;
      return closedMs;
    });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(one.state.allowance?.places).toBe(1);
    expect(one.tell({ throttled: { isNew: true, retryAfterMs: 45_000 } }).closedMs).toBe(45_000);
    // An echo of a refusal that was told changes nothing.
    expect(one.tell({ throttled: { isNew: false, retryAfterMs: null } }).closedMs).toBe(45_000);
    one.now += 45_000;
    expect(one.tell({ demand: 9, answered: 1 })).toMatchObject({ closedMs: 0, trouble: null, places: 2 });
    // Soon as many again as before it refused all.
    expect(one.tell({ demand: 9, answered: 2 }).places).toBe(4);
  });
});

describe("a model that is down", () => {
  const down = { failures: 5, reason: "answered 503" };

  test("is asked by one process at a time, after longer and longer pauses, until it answers", () => {
    const one = model();
    expect(one.tell({ failures: 4, reason: "answered 503" }).closedMs).toBe(0);
    expect(one.tell({ process: "b", failures: 1, reason: "answered 503" })).toMatchObject({
      closedMs: 1_000,
      trouble: { sinceMs: 0, reason: "answered 503" },
    });
    for (const pauseMs of [1_000, 2_000, 4_000]) {
      one.now += pauseMs;
      expect(one.tell({ process: "b" })).toMatchObject({ isProbe: true, closedMs: 0 });
      const others = one.tell({ process: "a" });
      expect(others.isProbe).toBe(false);
      expect(others.closedMs).toBeGreaterThan(0);
      const failed = one.tell({ process: "b", failures: 1, probe: "failed", reason: "answered 503" });
      expect(failed.closedMs).toBe(2 * pauseMs);
    }
    one.now += 8_000;
    expect(one.tell({ process: "a" }).isProbe).toBe(true);
    expect(one.tell({ process: "a", answered: 1 })).toMatchObject({
      isProbe: false,
      closedMs: 0,
      trouble: null,
    });
    expect(one.tell({ process: "b" })).toMatchObject({ closedMs: 0, trouble: null });
  });

  test("is tried by another process when the one that tries is silent, or was stopped", () => {
    const one = model();
    one.tell(down);
    one.now += 1_000;
    expect(one.tell({ process: "dies" }).isProbe).toBe(true);
    expect(one.tell({ process: "a" }).isProbe).toBe(false);
    one.now += leaseMs;
    expect(one.tell({ process: "a" }).isProbe).toBe(true);
    expect(one.tell({ process: "a", demand: 0 }).isProbe).toBe(false);
    expect(one.tell({ process: "b" }).isProbe).toBe(true);
  });

  test("is not down for failures with answers between", () => {
    const one = model();
    for (let n = 0; n < 10; n += 1) {
      expect(one.tell({ failures: 3, reason: "answered 500" }).closedMs).toBe(0);
      one.tell({ answered: 1 });
    }
  });
});
