import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { judge, model, storeTraces } from "./samples.ts";
import type { Behaviour } from "./side.ts";

const metrics = ["confidence"];
const sessionMetrics = ["agent_reliability"];

export const budgets: readonly Behaviour[] = [
  {
    name: "echoes the budget of a run",
    async check(side) {
      const client = side.client();
      const [id = ""] = await storeTraces(client, { session_id: "a" });
      expect(await client.createTraceRun({ metrics, model })).toMatchObject({ max_cost_usd: null });
      const batch = { trace_ids: [id], metrics, model };
      expect(await client.createTraceRunBatch({ ...batch, max_cost_usd: 2.5 })).toMatchObject({
        max_cost_usd: 2.5,
      });
      const session = { session_ids: ["a"], metrics: sessionMetrics, model };
      expect(await client.createSessionRunBatch({ ...session, max_cost_usd: 0 })).toMatchObject({
        max_cost_usd: 0,
      });
    },
  },
  {
    name: "refuses a budget if the price is unknown",
    async check(side) {
      const client = side.client();
      const [id = ""] = await storeTraces(client, { session_id: "a" });
      const costs = { model: judge, max_cost_usd: 1 };
      const refused = (call: PromiseLike<unknown>) => expectRefusal(call, 422, "price_unknown");
      await refused(client.createTraceRun({ metrics, ...costs }));
      await refused(client.createTraceRunBatch({ metrics, trace_ids: [id], ...costs }));
      await refused(client.estimateTraceRun({ metrics, ...costs }));
      await refused(client.createSessionRun({ metrics: sessionMetrics, ...costs }));
      await refused(client.createSessionRunBatch({ metrics: sessionMetrics, session_ids: ["a"], ...costs }));
      await refused(client.estimateSessionRun({ metrics: sessionMetrics, ...costs }));
      await expectRefusal(
        client.createTraceRun({ metrics, model, max_cost_usd: -1 }),
        422,
        "validation_error",
        ["body", "max_cost_usd"],
      );
      expect((await client.listTraceRuns()).total).toBe(0);
      expect((await client.listSessionRuns()).total).toBe(0);
    },
  },
  {
    name: "retries within the budget of the run, or a new one",
    async check(side) {
      const client = side.client();
      await storeTraces(client, { session_id: "a" });
      side.setHeld(true);
      const { id } = await client.createTraceRun({ metrics, model: judge });
      await client.cancelTraceRun(id);
      side.setHeld(false);
      await expectRefusal(client.retryTraceRun(id, { max_cost_usd: 1 }), 422, "price_unknown");
      const capped = await client.retryTraceRun(id, { model, max_cost_usd: 1 });
      expect(capped).toMatchObject({ max_cost_usd: 1, model });
      await client.waitForRun(capped);
      expect(await client.retryTraceRun(id, { model })).toMatchObject({ max_cost_usd: null });
      side.setHeld(true);
      const session = await client.createSessionRun({ metrics: sessionMetrics, model: judge });
      await client.cancelSessionRun(session.id);
      side.setHeld(false);
      await expectRefusal(client.retrySessionRun(session.id, { max_cost_usd: 1 }), 422, "price_unknown");
      const again = await client.retrySessionRun(session.id, { model, max_cost_usd: 2 });
      expect(again).toMatchObject({ max_cost_usd: 2, model });
    },
  },
  {
    name: "gives each run of a monitor the monitor's budget",
    async check(side) {
      const client = side.client();
      await storeTraces(client, {});
      const body = { name: "capped", target_type: "TRACE", metrics, cadence: "daily" } as const;
      const costs = { model: judge, max_cost_usd: 1 };
      await expectRefusal(client.createMonitor({ ...body, ...costs }), 422, "price_unknown");
      const made = await client.createMonitor({ ...body, model, max_cost_usd: 1.5 });
      expect(made).toMatchObject({ max_cost_usd: 1.5 });
      expect(await client.triggerMonitor(made.id)).toMatchObject({ max_cost_usd: 1.5, model });
      await expectRefusal(client.updateMonitor(made.id, { model: judge }), 422, "price_unknown");
      expect(await client.updateMonitor(made.id, { name: "still capped" })).toMatchObject({
        max_cost_usd: 1.5,
      });
      expect(await client.updateMonitor(made.id, { max_cost_usd: null })).toMatchObject({
        max_cost_usd: null,
      });
      expect(await client.triggerMonitor(made.id)).toMatchObject({ max_cost_usd: null });
    },
  },
];
