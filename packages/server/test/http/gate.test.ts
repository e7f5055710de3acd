import { ProblemError } from "@pandaprobe/contract/rules";
import { describe, expect, test } from "vitest";
import { Gate, type Slot } from "../../src/http/gate.ts";

const never = new AbortController().signal;
const soon = { waitMs: 20 };
const long = { waitMs: 60_000 };

/** The state of a promise. */
async function stateOf(promise: Promise<unknown>): Promise<string> {
  const settled = promise.then(
    () => "in",
    (error: unknown) => (error instanceof ProblemError ? error.code : String(error)),
  );
  return Promise.race([settled, new Promise<string>((resolve) => setImmediate(resolve, "waits"))]);
}

async function enterAll(gate: Gate, key: string, count: number): Promise<Slot[]> {
  return Promise.all(Array.from({ length: count }, () => gate.enter(key, 0, never)));
}

describe("a gate", () => {
  test("admits a limited number per key, the next one as soon as one leaves, and other keys at once", async () => {
    const gate = new Gate({ slots: 2, ...long });
    const [first] = await enterAll(gate, "a", 2);
    const [third, fourth] = [gate.enter("a", 0, never), gate.enter("a", 0, never)];
    expect(await stateOf(third)).toBe("waits");
    expect(await stateOf(gate.enter("b", 0, never))).toBe("in");
    first?.leave();
    first?.leave();
    expect([await stateOf(third), await stateOf(fourth)]).toEqual(["in", "waits"]);
  });

  test("refuses a request that has waited too long", async () => {
    const gate = new Gate({ slots: 1, ...soon });
    const [first] = await enterAll(gate, "a", 1);
    await expect(gate.enter("a", 0, never)).rejects.toMatchObject({ code: "rate_limited" });
    first?.leave();
    expect(await stateOf(gate.enter("a", 0, never))).toBe("in");
  });

  test("drops a request whose client has gone", async () => {
    const gate = new Gate({ slots: 1, ...long });
    const [first] = await enterAll(gate, "a", 1);
    const gone = new AbortController();
    const second = gate.enter("a", 0, gone.signal);
    const third = gate.enter("a", 0, never);
    gone.abort();
    await expect(second).rejects.toBeInstanceOf(ProblemError);
    first?.leave();
    expect(await stateOf(third)).toBe("in");
  });

  test("counts bytes, and admits a request that exceeds the limit alone", async () => {
    const gate = new Gate({ slots: 10, bytes: 100, ...long });
    const first = await gate.enter("a", 60, never);
    const second = gate.enter("a", 60, never);
    expect(await stateOf(second)).toBe("waits");
    first.shrinkTo(40);
    expect(await stateOf(second)).toBe("in");
    const huge = gate.enter("a", 1000, never);
    expect(await stateOf(huge)).toBe("waits");
    first.leave();
    (await second).leave();
    expect(await stateOf(huge)).toBe("in");
  });

  test("limits all keys together, and then answers unavailable", async () => {
    const gate = new Gate({ slots: 2, total: 3, ...soon });
    await enterAll(gate, "a", 2);
    const [other] = await enterAll(gate, "b", 1);
    await expect(gate.enter("b", 0, never)).rejects.toMatchObject({ code: "unavailable" });
    const waiting = gate.enter("c", 0, never);
    other?.leave();
    expect(await stateOf(waiting)).toBe("in");
  });
});
