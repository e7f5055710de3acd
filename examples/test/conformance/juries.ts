import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { judge, model, storeTraces } from "./samples.ts";
import type { Behaviour } from "./side.ts";

const metrics = ["confidence"];
const judges = [model, judge];

export const juries: readonly Behaviour[] = [
  {
    name: "echoes who judges a run, and how often",
    async check(side) {
      const client = side.client();
      const [id = ""] = await storeTraces(client, { session_id: "a" });
      expect(await client.createTraceRun({ metrics, model })).toMatchObject({
        model,
        repeats: 1,
        judges: null,
        aggregate: null,
      });
      const mean = { model: null, repeats: 1, judges, aggregate: "mean" };
      expect(await client.createTraceRunBatch({ metrics, trace_ids: [id], judges })).toMatchObject(mean);
      const unanimous = { ...mean, aggregate: "unanimous", repeats: 2 } as const;
      const run = await client.createTraceRun({ metrics, ...unanimous });
      expect(run).toMatchObject(unanimous);
      expect(await client.waitForRun(run)).toMatchObject(unanimous);
      expect(
        await client.createSessionRunBatch({
          metrics: ["agent_reliability"],
          session_ids: ["a"],
          judges: ["openai/judge", "gpt-5.4"],
        }),
      ).toMatchObject({ judges: ["openai/judge", "openai/gpt-5.4"] });
    },
  },
  {
    name: "refuses judges that contradict each other or cannot be used",
    async check(side) {
      const client = side.client();
      await storeTraces(client, {});
      const refused = (fields: object, at: string) =>
        expectRefusal(client.createTraceRun({ metrics, ...fields }), 422, "validation_error", ["body", at]);
      await refused({ judges, model }, "judges");
      await refused({ judges: [judge] }, "judges");
      await refused({ judges: [judge, judge] }, "judges");
      await refused({ judges: ["openai/gpt-5.4", "gpt-5.4"] }, "judges");
      await refused({ aggregate: "mean" }, "aggregate");
      await refused({ repeats: 11 }, "repeats");
      await expectRefusal(
        client.createTraceRun({ metrics, judges: [judge, "anthropic/claude-haiku-5-5"] }),
        422,
        "provider_not_configured",
      );
      await expectRefusal(client.createTraceRun({ metrics, judges, max_cost_usd: 1 }), 422, "price_unknown");
      expect((await client.listTraceRuns()).total).toBe(0);
    },
  },
  {
    name: "keeps every repeat and every vote in the metadata of a score",
    async check(side) {
      const client = side.client();
      await storeTraces(client, { session_id: "a" });
      const jury = { judges, repeats: 2 };
      const run = await client.createTraceRun({ metrics: ["confidence", "coherence"], ...jury });
      await client.waitForRun(run);
      const scores = await client.getTraceRunScores(run.id);
      const repeats = { count: 2, values: [expect.any(Number), expect.any(Number)] };
      const votes = judges.map((name) => ({ model: name, applicable: true, repeats }));
      expect(scores.find(({ name }) => name === "confidence")?.metadata).toMatchObject({
        model: null,
        aggregate: "mean",
        votes,
      });
      expect(scores.find(({ name }) => name === "coherence")?.metadata).not.toHaveProperty("votes");
      const session = await client.createSessionRun({ metrics: ["agent_consistency"], ...jury });
      await client.waitForRun(session);
      const [score] = await client.getSessionRunScores(session.id);
      expect(score?.metadata).toMatchObject({ model: null, votes });
    },
  },
  {
    name: "retries with the same jury, or with another judge",
    async check(side) {
      const client = side.client();
      await storeTraces(client, {});
      side.setHeld(true);
      const { id } = await client.createTraceRun({ metrics, judges, aggregate: "majority", repeats: 2 });
      await client.cancelTraceRun(id);
      side.setHeld(false);
      expect(await client.retryTraceRun(id)).toMatchObject({ judges, aggregate: "majority", repeats: 2 });
      expect(await client.retryTraceRun(id, { model, repeats: 1 })).toMatchObject({
        model,
        judges: null,
        aggregate: null,
        repeats: 1,
      });
      await expectRefusal(client.retryTraceRun(id, { model, judges }), 422, "validation_error", [
        "body",
        "judges",
      ]);
    },
  },
  {
    name: "judges the runs of a monitor likewise",
    async check(side) {
      const client = side.client();
      await storeTraces(client, {});
      const { id } = await client.createMonitor({
        name: "jury",
        target_type: "TRACE",
        metrics,
        cadence: "daily",
        judges,
        repeats: 3,
      });
      expect(await client.triggerMonitor(id)).toMatchObject({ judges, aggregate: "mean", repeats: 3 });
      expect(await client.updateMonitor(id, { model, repeats: null })).toMatchObject({
        model,
        judges: null,
        aggregate: null,
        repeats: 1,
      });
      await expectRefusal(client.updateMonitor(id, { aggregate: "majority" }), 422, "validation_error", [
        "body",
        "aggregate",
      ]);
    },
  },
];
