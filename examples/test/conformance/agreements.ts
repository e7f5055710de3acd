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
    name: "refuses a name that is no metric and that no score has",
    async check(side) {
      const client = side.client();
      const [trace_id = ""] = await storeTraces(client, {});
      await client.createTraceScore({ trace_id, name: "quality", value: "1" });
      for (const body of [{ metric: "coherance" }, { metric: "mood", target_type: "SESSION" }]) {
        const { status, body: problem } = await agreementOf(side, client, body);
        expect([status, problem]).toMatchObject([400, { code: "unknown_metric" }]);
      }
      for (const body of [{ metric: "coherence" }, { metric: "quality", target_type: "SESSION" }])
        expect(await agreementOf(side, client, body)).toMatchObject({ status: 200, body: { n: 0 } });
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
  {
    name: "compares people's scores of sessions with a judge's",
    async check(side) {
      const client = side.client();
      const names = ["one", "two", "three"];
      await storeTraces(client, ...names.map((session_id) => ({ session_id, release: session_id })), {});
      const send = async (body: object) =>
        await side.send({ method: "POST", path: "/evaluations/session-scores", body }, client);
      for (const [i, session_id] of names.entries()) {
        const score = { session_id, name: "quality" };
        await send({ ...score, value: String(i / 2), source: "PROGRAMMATIC", metadata: { model: "a/one" } });
        await send({ ...score, value: "1", reason: `Session ${session_id}.` });
      }
      const request = { metric: "quality", target_type: "SESSION" };
      const { body } = await agreementOf(side, client, request);
      expect(body).toMatchObject({
        n: 3,
        confusion: { tp: 2, fp: 0, fn: 1, tn: 0 },
        pass_rate: { judged_count: 3 },
        disagreements: [{ trace_id: null, session_id: "one", person: { reason: "Session one." } }],
      });
      await agreementOf(side, client, { ...request, filters: { release: "two" } });
      await agreementOf(side, client, { metric: "quality" });
    },
  },
];
