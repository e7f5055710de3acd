import { expect } from "vitest";
import { storeTraces, unknownId } from "./samples.ts";
import type { Behaviour, Side } from "./side.ts";

type Client = Parameters<Side["send"]>[1];
const metrics = ["quality"];
const sides = { a: { filters: { release: "v1" } }, b: { filters: { release: "v2" } } };

const compare = async (side: Side, client: Client, body: object) =>
  await side.send(
    { method: "POST", path: "/evaluations/compare", body: { ...sides, metrics, ...body } },
    client,
  );

export const comparisons: readonly Behaviour[] = [
  {
    name: "compares the same cases of two releases",
    async check(side) {
      const client = side.client();
      for (const release of ["v1", "v2"]) {
        const traces = await storeTraces(
          client,
          ...Array.from({ length: 12 }, (_, i) => ({
            release,
            input: `question ${i}`,
            session_id: `${release} ${Math.floor(i / 1.5)}`,
            metadata: { case_id: i, expected: "4" },
          })),
        );
        for (const [i, trace_id] of traces.entries()) {
          const value = (release === "v1" ? 0.9 - i / 100 : 0.9 - i / 40).toFixed(4);
          const metadata = { threshold: 0.7, success: Number(value) >= 0.7 };
          const score = { trace_id, name: "quality", value, source: "PROGRAMMATIC", metadata } as const;
          await client.createTraceScore({ ...score, reason: `It is ${value}.` });
        }
      }
      const { status, body } = await compare(side, client, { pair_by: "metadata.case_id" });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        verdict: "regressed",
        metrics: [{ pair_count: 12, session_count: 8, losses: 11, ties: 1 }],
      });
      for (const pair_by of ["input", "trace_id", undefined]) await compare(side, client, { pair_by });
      await compare(side, client, { a: sides.b, b: sides.a, seed: 7 });
    },
  },
  {
    name: "compares what the judge said, or what people say",
    async check(side) {
      const client = side.client();
      const [before = "", after = ""] = await storeTraces(
        client,
        { release: "v1", metadata: { key: "a" } },
        { release: "v2", metadata: { key: "a" } },
      );
      const judged = { name: "quality", source: "PROGRAMMATIC", reason: "Fine." } as const;
      const { id } = await client.createTraceScore({ ...judged, trace_id: before, value: "0.8" });
      await client.createTraceScore({ ...judged, trace_id: after, value: "0.5" });
      await client.updateTraceScore(id, { value: "0.1", reason: "Not at all." });
      await client.createTraceScore({ trace_id: after, name: "quality", value: "0" });
      for (const prefer of [undefined, "person", "annotation"]) {
        const { body } = await compare(side, client, { pair_by: "metadata.key", prefer });
        expect(body).toMatchObject({ verdict: "not_enough", metrics: [{ pair_count: 1 }] });
      }
    },
  },
  {
    name: "refuses to compare what it cannot",
    async check(side) {
      const client = side.client();
      const [trace_id = ""] = await storeTraces(client, { release: "v1" });
      await client.createTraceScore({ trace_id, name: "quality", value: "1" });
      const statuses = [];
      for (const body of [
        { a: {} },
        { a: { run_id: unknownId } },
        { metrics: ["unknown"] },
        { metrics: ["quality", "quality"] },
        { pair_by: "session_id" },
        { b: { filters: { status: "BROKEN" } } },
      ]) {
        statuses.push((await compare(side, client, body)).status);
      }
      expect(statuses).toEqual([422, 404, 400, 422, 422, 400]);
    },
  },
];
