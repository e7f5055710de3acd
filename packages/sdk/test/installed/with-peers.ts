import { PandaProbe } from "@pandaprobe/sdk";
import "@pandaprobe/sdk/testing/jest";
import { mockPandaProbe, type PandaProbeMock } from "@pandaprobe/sdk/testing/msw";
import { expect } from "expect";
import { setupServer } from "msw/node";

/*
 * A program whose author also installed msw and jest's `expect`. `global-expect.mjs` provides the global `expect` that
 * jest has.
 */

const pandaProbe: PandaProbeMock = mockPandaProbe({ providers: ["openai"] });
const server = setupServer(...pandaProbe.handlers);

/** Runs the program. @returns what the test compares */
export async function main(): Promise<readonly unknown[]> {
  server.listen();
  try {
    const client = new PandaProbe({ apiKey: "a", projectName: "b" });
    await client.createTrace({ name: "c", started_at: "2026-03-29T10:00:00Z" });
    pandaProbe.scores.set("coherence", ({ trace }) => (trace?.status === "ERROR" ? 0.1 : 0.5));
    const result = await client.evaluateTraces({ metrics: ["coherence"] });
    expect(result).toHaveNoFailedScores();
    expect(result).toPass("coherence", { min: 0.4, rate: 0.95 });
    expect(() => expect(result).toPass("coherence", { min: 0.6 })).toThrow("coherence");
    return [result.scores.mean("coherence"), pandaProbe.calls("createTraceRun").length];
  } finally {
    server.close();
  }
}

/** What the published types reject. It is not run. */
export function misuse(): void {
  // @ts-expect-error There is no such operation.
  pandaProbe.faults.next("createTraceRuns", "lost_answer");
  // @ts-expect-error A metric has a name.
  expect([]).toPass();
}
