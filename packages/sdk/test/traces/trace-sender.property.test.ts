import { ConnectionError, ValidationError } from "@pandaprobe/sdk";
import type { DroppedTrace } from "@pandaprobe/sdk/traces";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TraceSender } from "../../src/traces/trace-sender.ts";

const startedAt = "2026-03-29T10:00:00.000Z";

/** What a program does with a sender, and what a server does with a batch. */
const step = fc.oneof(
  fc.record({ do: fc.constant("send" as const), id: fc.nat(5), isBad: fc.boolean(), count: fc.nat(8) }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.nat(3_000) }),
  fc.record({ do: fc.constant("flush" as const), ms: fc.integer({ min: 1, max: 2_000 }) }),
  fc.record({ do: fc.constant("end" as const) }),
);
const answer = fc.record({
  ms: fc.nat(1_500),
  how: fc.constantFrom("take", "take", "take", "refuse one", "refuse", "fail", "limit" as const),
});
const options = fc.record({
  maxBatch: fc.integer({ min: 1, max: 5 }),
  maxQueued: fc.integer({ min: 1, max: 30 }),
});

describe("whatever a program, a server and a runtime do", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const fields = { operation: "createTraceBatch", status: 422, retryAfterSeconds: null };

  it.each([
    ["Node.js", undefined],
    ["a runtime whose process.on throws", "throws"],
    ["a runtime that throws when process is read", "is no object"],
  ])(
    "all traces are queued, sent or dropped, and updates of one trace arrive in order: %s",
    async (_where, kind) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { maxLength: 30 }),
          fc.array(answer, { minLength: 1, maxLength: 20 }),
          options,
          fc.boolean(),
          async (steps, answers, limits, sendsAgain) => {
            vi.clearAllTimers();
            if (kind !== undefined) stubProcess(kind);
            const drops: DroppedTrace[] = [];
            const inFlight = new Map<string, number>();
            const arrived = new Map<string, number[]>();
            let deliveries = 0;
            let mostAtOnce = 0;
            const traces = new TraceSender(
              async (given) => {
                const parsed = given.map((json) => JSON.parse(json) as { trace_id: string; name: string });
                const ids = [...new Set(parsed.map(({ trace_id }) => trace_id))];
                for (const id of ids) inFlight.set(id, (inFlight.get(id) ?? 0) + 1);
                mostAtOnce = Math.max(mostAtOnce, ...inFlight.values());
                const { ms, how } = answers[deliveries % answers.length] ?? { ms: 0, how: "take" };
                deliveries += 1;
                await new Promise((resolve) => setTimeout(resolve, ms));
                for (const id of ids) inFlight.delete(id);
                if (how === "refuse") throw new ValidationError("It is wrong.", fields);
                if (how === "fail") throw new ConnectionError("It is down.");
                if (how === "limit") throw new ValidationError("Too much.", { ...fields, status: 413 });
                for (const { trace_id, name } of parsed)
                  arrived.set(trace_id, [...(arrived.get(trace_id) ?? []), Number(name)]);
                return how === "refuse one" ? ["It is wrong."] : [];
              },
              {
                ...limits,
                onDrop(dropped) {
                  drops.push(dropped);
                  if (!sendsAgain) return;
                  given += 1;
                  again += 1;
                  traces.send({ name: `${given}`, started_at: startedAt });
                },
              },
            );
            let given = 0;
            let again = 0;
            let ends = 0;
            const counts = () => {
              const { sent, dropped, queued } = traces.stats();
              expect(sent + dropped + queued).toBe(given);
              // `onDrop` is called for each drop, except of traces that it sent itself or that are left at a second end.
              if (ends < 2) expect(drops.length).toBeGreaterThanOrEqual(dropped - again);
              expect(drops.length).toBeLessThanOrEqual(dropped);
            };
            for (const one of steps) {
              if (one.do === "send") {
                for (let index = 0; index < one.count; index += 1) {
                  given += 1;
                  traces.send({
                    name: `${given}`,
                    started_at: startedAt,
                    trace_id: `${one.id}`,
                    ...(one.isBad ? { input: 1n } : {}),
                  });
                  counts();
                }
              } else if (one.do === "wait") await vi.advanceTimersByTimeAsync(one.ms);
              else if (one.do === "flush") void traces.flush({ timeoutMs: one.ms });
              else if (kind === undefined) {
                ends += 1;
                process.listeners("beforeExit").at(-1)?.(0);
              }
              counts();
            }
            const closed = traces.close({ timeoutMs: 60_000 });
            await vi.advanceTimersByTimeAsync(60_000);
            await closed;
            counts();
            expect(traces.stats()).toMatchObject({ queued: 0, queuedBytes: 0 });
            expect(mostAtOnce).toBeLessThanOrEqual(1);
            for (const names of arrived.values()) expect(names).toEqual(names.toSorted((a, b) => a - b));
          },
        ),
        { numRuns: 150, endOnFailure: true },
      );
    },
  );
});

function stubProcess(kind: string): void {
  const fails = () => {
    throw new Error("A Node.js API is used which is not supported in the Edge Runtime.");
  };
  const { listeners, env, nextTick, versions } = process;
  vi.stubGlobal(
    "process",
    kind === "throws"
      ? { listeners, env, nextTick, versions, on: fails, off: fails }
      : Object.defineProperties(
          { listeners, env, nextTick, versions },
          { on: { get: fails }, off: { get: fails } },
        ),
  );
}
