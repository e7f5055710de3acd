/** @module-tag slow */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Fault, RecordedRequest } from "../support/llm-server.ts";
import { askTask, judgeWith, subjectWith } from "./support.ts";

/** Faults of single calls. */
const faults: readonly Fault[] = [
  { kind: "status", status: 429 },
  { kind: "status", status: 500 },
  { kind: "status", status: 503 },
  { kind: "hang" },
  { kind: "drip", everyMs: 20 },
  { kind: "body", text: "<!doctype html>" },
  { kind: "says", text: "I would say it went well." },
  { kind: "reset" },
];

/** Storms: from a certain call on, all calls fail in the same way for some milliseconds. */
const storms: readonly { readonly from: number; readonly ms: number; readonly fault: Fault }[] = [
  { from: 200, ms: 400, fault: { kind: "status", status: 429 } },
  { from: 450, ms: 300, fault: { kind: "status", status: 429, headers: { "retry-after-ms": "300" } } },
  { from: 700, ms: 400, fault: { kind: "status", status: 502 } },
];

/** Random numbers in [0, 1), the same for the same seed (Mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Plays random faults, and counts the calls that no caller could have avoided. */
function faultPlan(rate: number, seed: number) {
  const random = randomNumbers(seed);
  const begun = new Map<number, number>();
  const spread = { single: 0, inStorms: 0 };
  const fault = ({ n }: RecordedRequest): Fault | undefined => {
    for (const [i, storm] of storms.entries()) {
      if (n < storm.from) continue;
      const at = begun.get(i) ?? performance.now();
      begun.set(i, at);
      if (performance.now() - at > storm.ms) continue;
      spread.inStorms += 1;
      return storm.fault;
    }
    const chance = random();
    if (chance >= rate) return undefined;
    spread.single += 1;
    return faults[Math.floor((chance / rate) * faults.length)];
  };
  return { fault, spread };
}

test("all of 1,000 questions are answered, with hardly more calls than the faults make necessary", {
  timeout: 60_000,
}, async () => {
  const questions = 1_000;
  const { fault, spread } = faultPlan(0.1, 7);
  const { server, judge } = await judgeWith(
    { fault, latencyMs: 5 },
    { concurrency: 16, callTimeoutMs: 1_000, questionTimeoutMs: 60_000, maxAttempts: 6 },
  );
  const answers = await Promise.allSettled(
    Array.from({ length: questions }, (_, i) =>
      askTask(judge, { subject: subjectWith({ name: `trace ${i}` }) }),
    ),
  );
  expect(answers.filter(({ status }) => status === "rejected")).toEqual([]);
  expect(spread.single).toBeGreaterThan(80);
  expect(spread.inStorms).toBeGreaterThan(0);
  // Each fault costs the call that it hits; a storm also costs the calls in flight, and the probes.
  const unavoidable = questions + spread.single;
  expect(server.requests.length / unavoidable).toBeLessThan(1.2);
  expect(spread.inStorms).toBeLessThan(3 * 30);
});

test("a model that is down for a long time costs only a few calls, however many questions wait", async () => {
  let isDown = true;
  const { server, judge } = await judgeWith(
    { fault: () => (isDown ? { kind: "status", status: 500 } : undefined) },
    { concurrency: 8, firstBackoffMs: 50 },
  );
  const answers = Promise.all(Array.from({ length: 100 }, () => askTask(judge)));
  await sleep(2_000);
  const whileDown = server.requests.length;
  isDown = false;
  expect(await answers).toHaveLength(100);
  // The calls that opened the breaker, and one probe after each pause of 50, 100, 200, … ms.
  expect(whileDown).toBeLessThan(8 + 5 + 8);
  expect(server.requests.length - whileDown).toBe(100);
});

test("an outage loses no question, even if one call at a time takes longer to fail than questions back off", async () => {
  const { judge } = await judgeWith(
    { fault: ({ n }) => (n <= 12 ? { kind: "status", status: 500 } : undefined), latencyMs: 40 },
    { concurrency: 1, firstBackoffMs: 5, maxAttempts: 3 },
  );
  const answers = await Promise.allSettled(Array.from({ length: 8 }, () => askTask(judge)));
  expect(answers.filter(({ status }) => status === "rejected")).toEqual([]);
});
