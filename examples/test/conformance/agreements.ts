import { expect } from "vitest";
import { storeTraces } from "./samples.ts";
import type { Behaviour, Side } from "./side.ts";

const agreementOf = async (side: Side, client: Parameters<Side["send"]>[1], body: object) =>
  await side.send({ method: "POST", path: "/evaluations/agreements", body }, client);

export const agreements: readonly Behaviour[] = [
  {
    name: "compares people's scores with a judge's",
    async check(side) {
      const client = side.client();
      const traces = await storeTraces(
        client,
        ...Array.from({ length: 40 }, (_, i) => ({ session_id: `s${i}` })),
      );
      for (const [i, trace_id] of traces.entries()) {
        const judge = { trace_id, name: "quality", value: i % 4 === 0 ? "0.4" : "0.9" };
        const metadata = { model: i % 2 === 0 ? "a/one" : "a/two" };
        await client.createTraceScore({ ...judge, source: "PROGRAMMATIC", metadata });
        await client.createTraceScore({ trace_id, name: "quality", value: i % 3 === 0 ? "0" : "1" });
      }
      const [first = ""] = traces;
      await client.createTraceScore({
        trace_id: first,
        name: "quality",
        value: "1",
        metadata: { selection: "targeted" },
      });
      const { status, body } = await agreementOf(side, client, { metric: "quality" });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        n: 40,
        confusion: { tp: 20, fp: 10, fn: 6, tn: 4 },
        left_out: { targeted: 1 },
      });
      const one = await agreementOf(side, client, {
        metric: "quality",
        judge: { model: "a/one" },
        split: "dev",
      });
      expect(one.status).toBe(200);
    },
  },
  {
    name: "compares a corrected score with what the judge had said",
    async check(side) {
      const client = side.client();
      const [trace_id = ""] = await storeTraces(client, {});
      const score = {
        trace_id,
        name: "quality",
        value: "0.7",
        source: "PROGRAMMATIC",
        reason: "Fine.",
      } as const;
      const { id } = await client.createTraceScore(score);
      await client.updateTraceScore(id, { value: "0.1" });
      const { body } = await agreementOf(side, client, { metric: "quality" });
      expect(body).toMatchObject({ n: 0, left_out: { corrections: 1 }, pass_rate: { judge: 1 } });
    },
  },
];
