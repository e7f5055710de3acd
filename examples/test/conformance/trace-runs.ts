import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { judge, model, storeTrace, storeTraces, unknownId } from "./samples.ts";
import type { Behaviour } from "./side.ts";

const metrics = ["coherence"];

export const traceRuns: readonly Behaviour[] = [
  {
    name: "creates a run over matching traces, and echoes the request",
    async check(side) {
      const client = side.client();
      await storeTraces(
        client,
        { tags: ["a"], name: "Book 100%", environment: "prod" },
        { tags: ["b"], release: "v1" },
        { tags: ["b"], status: "ERROR", session_id: "s", user_id: "u" },
      );
      const filters = { tags: ["a", "b"], date_from: "2026-03-01", date_to: "2026-04-01", name: null };
      const run = await client.createTraceRun({
        name: "nightly",
        metrics: ["coherence", "confidence", "coherence"],
        filters,
        model,
      });
      expect(run).toMatchObject({
        name: "nightly",
        status: "PENDING",
        metric_names: ["coherence", "confidence"],
        total_traces: 3,
        total_targets: 3,
        evaluated_count: 0,
        failed_count: 0,
        completed_at: null,
        target_type: "TRACE",
        filters,
        sampling_rate: 1,
        model,
        monitor_id: null,
        error_message: null,
      });
      const counted = async (body: object) =>
        (await client.createTraceRun({ metrics, model, ...body })).total_targets;
      expect(await counted({ filters: { name: "00%" } })).toBe(1);
      expect(await counted({ filters: { status: "ERROR", session_id: "s", user_id: "u" } })).toBe(1);
      expect(await counted({ filters: { environment: "prod" } })).toBe(1);
      expect(await counted({ filters: { release: "v1", tags: ["b"] } })).toBe(1);
      expect(await counted({ filters: { date_from: "2026-03-01T09:01:00Z" } })).toBe(2);
      expect(await counted({ sampling_rate: 0.5 })).toBe(1);
      expect(await counted({ sampling_rate: 0.7 })).toBe(2);
      expect(await client.createTraceRun({ metrics, model, sampling_rate: 0 })).toMatchObject({
        status: "COMPLETED",
        total_targets: 0,
        completed_at: expect.any(String),
      });
    },
  },
  {
    name: "refuses invalid runs",
    async check(side) {
      const client = side.client();
      await storeTrace(client);
      await expectRefusal(client.createTraceRun({ metrics: ["vibes"] }), 400, "unknown_metric");
      await expectRefusal(client.createTraceRun({ metrics: ["loop_detection"] }), 400, "unknown_metric");
      await expectRefusal(client.createTraceRun({ metrics: ["agent_reliability"] }), 400, "unknown_metric");
      await expectRefusal(client.createTraceRun({ metrics: [] }), 422, "validation_error", [
        "body",
        "metrics",
      ]);
      await expectRefusal(
        client.createTraceRun({ metrics, model: "mistral/large" }),
        400,
        "unknown_model_provider",
      );
      for (const model of ["openai/a b", "gemini/x/../y", `anthropic/${"x".repeat(201)}`]) {
        await expectRefusal(client.createTraceRun({ metrics, model }), 400, "invalid_model_name");
      }
      await expectRefusal(
        client.createTraceRun({ metrics, model: "gemini/x" }),
        422,
        "provider_not_configured",
      );
      await expectRefusal(client.createTraceRun({ metrics, model: "llama" }), 400, "unknown_model_provider");
      await expectRefusal(
        client.createTraceRun({ metrics, model: "claude-x" }),
        422,
        "provider_not_configured",
      );
      const filters = { tags: ["nothing"] };
      await expectRefusal(client.createTraceRun({ metrics, filters }), 422, "nothing_matches");
      const thresholds = { coherence: 2 };
      await expectRefusal(client.createTraceRun({ metrics, thresholds }), 422, "validation_error", [
        "body",
        "thresholds",
      ]);
      expect((await client.listTraceRuns()).total).toBe(0);
    },
  },
  {
    name: "creates a run over given traces, or refuses it if one is unknown",
    async check(side) {
      const client = side.client();
      const ids = await storeTraces(client, {}, {});
      const [first = ""] = ids;
      const run = await client.createTraceRunBatch({
        trace_ids: [...ids, first.toUpperCase()],
        metrics,
        model,
      });
      expect(run).toMatchObject({ total_targets: 2, filters: { trace_ids: ids }, sampling_rate: 1 });
      const unknown = client.createTraceRunBatch({ trace_ids: [...ids, unknownId], metrics, model });
      await expectRefusal(unknown, 404, "not_found", ["body", "trace_ids"]);
      expect((await client.listTraceRuns()).total).toBe(1);
    },
  },
  {
    name: "scores each item, and lists the scores newest first",
    async check(side) {
      const client = side.client();
      const ids = await storeTraces(client, { environment: "prod" }, {});
      const { run, scores } = await client.evaluateTraces({
        metrics: ["coherence", "confidence"],
        model,
        thresholds: { confidence: 0 },
      });
      expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: 2, failed_count: 0 });
      expect(run.completed_at).not.toBe(null);
      expect(scores.map(({ trace_id, name }) => `${trace_id} ${name}`).sort()).toEqual(
        ids.flatMap((id) => [`${id} coherence`, `${id} confidence`]).sort(),
      );
      expect(scores.of(ids[0] ?? "", "confidence")).toMatchObject({
        status: "SUCCESS",
        source: "AUTOMATED",
        data_type: "NUMERIC",
        value: expect.stringMatching(/^(?:0(?:\.\d{1,4})?|1)$/),
        reason: expect.any(String),
        eval_run_id: run.id,
        environment: "prod",
        metadata: expect.objectContaining({ threshold: 0, success: true, model: expect.any(String) }),
      });
      const newestFirst = [...scores].sort((a, b) =>
        `${a.created_at} ${a.id}` < `${b.created_at} ${b.id}` ? 1 : -1,
      );
      expect([...scores]).toEqual(newestFirst);
      const page = await client.getTraceRunScores(run.id, { limit: 2, offset: 1 });
      expect(page.map(({ id }) => id)).toEqual(scores.slice(1, 3).map(({ id }) => id));
      await expectRefusal(client.getTraceRunScores(unknownId), 404, "not_found");
    },
  },
  {
    name: "reports the progress of a run: at once, with the next change, and as a stream",
    async check(side) {
      const client = side.client();
      await storeTrace(client);
      const run = await client.createTraceRun({ metrics, model });
      const { headers } = await client.getTraceRun(run.id, { waitSeconds: 5 }).withResponse();
      expect(headers.get("preference-applied")).toBe("wait=5");
      const ended = await client.waitForRun(run);
      const events: unknown[] = [];
      for await (const event of client.streamTraceRun(run.id)) events.push(event);
      expect(events).toEqual([{ id: "COMPLETED-1-0", event: "end", data: ended }]);
      await expectRefusal(client.getTraceRun(unknownId), 404, "not_found");
      const nowhere = await side.send({ method: "GET", path: `/evaluations/trace-runs/${unknownId}/events` });
      expect(nowhere.status).toBe(404);
    },
  },
  {
    name: "estimates a run without creating it",
    async check(side) {
      const client = side.client();
      await storeTraces(client, { tags: ["a"] }, { tags: ["a"] }, {});
      const estimate = await client.estimateTraceRun({ metrics, model, filters: { tags: ["a"] } });
      expect(estimate).toMatchObject({ targets: 2, cost_usd: { low: 0, high: 0 } });
      expect((await client.estimateTraceRun({ metrics, model, sampling_rate: 0 })).targets).toBe(0);
      const none = client.estimateTraceRun({ metrics, model, filters: { tags: ["nothing"] } });
      await expectRefusal(none, 422, "nothing_matches");
      await expectRefusal(client.estimateTraceRun({ metrics: ["vibes"] }), 400, "unknown_metric");
      expect((await client.listTraceRuns()).total).toBe(0);
    },
  },
  {
    name: "retries exactly what failed",
    async check(side) {
      const client = side.client();
      const ids = await storeTraces(client, {}, {});
      side.setJudgeBroken(true);
      const broken = await client.evaluateTraces({ name: "a", metrics: ["confidence"], model: judge });
      side.setJudgeBroken(false);
      expect(broken.run).toMatchObject({ status: "COMPLETED", evaluated_count: 2, failed_count: 2 });
      expect(broken.scores.failed).toHaveLength(2);
      expect(broken.scores[0]).toMatchObject({
        status: "FAILED",
        value: null,
        reason: expect.any(String),
        metadata: { threshold: 0.5, success: false, model: judge },
      });
      const [first = "", second = ""] = ids;
      const [failed] = broken.scores.filter(({ trace_id }) => trace_id === first);
      // A correction makes it a success, so there is nothing left to retry.
      await client.updateTraceScore(failed?.id ?? "", { value: "1", reason: "It is fine." });
      const retry = await client.retryTraceRun(broken.run.id, { model });
      expect(retry).toMatchObject({
        name: "Retry: a",
        filters: { retry_of: broken.run.id, trace_ids: [second] },
        metric_names: ["confidence"],
        total_targets: 1,
        model,
      });
      expect(await client.waitForRun(retry)).toMatchObject({ status: "COMPLETED", failed_count: 0 });
      await expectRefusal(client.retryTraceRun(retry.id), 422, "nothing_to_retry");
      await expectRefusal(client.retryTraceRun(unknownId), 404, "not_found");
    },
  },
  {
    name: "cancels a run, once",
    async check(side) {
      const client = side.client();
      const ids = await storeTraces(client, {}, {});
      side.setHeld(true);
      const run = await client.createTraceRun({ metrics: ["confidence"], model: judge });
      await expectRefusal(client.retryTraceRun(run.id), 422, "run_in_progress");
      const cancelled = await client.cancelTraceRun(run.id);
      side.setHeld(false);
      expect(cancelled).toMatchObject({ status: "FAILED", error_message: "Cancelled", evaluated_count: 0 });
      expect(cancelled.completed_at).not.toBe(null);
      // The cost of its calls may still be added.
      expect(await client.cancelTraceRun(run.id)).toEqual({ ...cancelled, usage: expect.anything() });
      await expect(client.waitForRun(run)).rejects.toMatchObject({ name: "RunFailedError" });
      expect((await client.listTraceRuns({ status: "FAILED" })).total).toBe(1);
      expect((await client.listTraceRuns({ status: "COMPLETED" })).total).toBe(0);
      const retry = await client.retryTraceRun(run.id, { name: "again", model });
      expect(retry).toMatchObject({ name: "again", total_targets: 2 });
      expect((retry.filters["trace_ids"] as string[]).toSorted()).toEqual(ids.toSorted());
      await client.waitForRun(retry);
      await expectRefusal(client.cancelTraceRun(unknownId), 404, "not_found");
    },
  },
  {
    name: "lists runs newest first, and deletes them with or without their scores",
    async check(side) {
      const client = side.client();
      const id = await storeTrace(client);
      const first = await client.evaluateTraces({ metrics, model });
      const second = await client.evaluateTraces({ metrics, model });
      const { items, total } = await client.listTraceRuns({ limit: 1 });
      expect([items.map((run) => run.id), total]).toEqual([[second.run.id], 2]);
      await client.deleteTraceRun(first.run.id);
      await client.deleteTraceRun(second.run.id, { deleteScores: true });
      const left = (await client.listTraceScores({ trace_id: id })).items;
      expect(left.map((score) => [score.id, score.eval_run_id])).toEqual([[first.scores[0]?.id, null]]);
      await expectRefusal(client.deleteTraceRun(first.run.id), 404, "not_found");
    },
  },
  {
    name: "keeps the counts of a run when one of its traces is deleted",
    async check(side) {
      const client = side.client();
      const [gone = ""] = await storeTraces(client, {}, {});
      const { run } = await client.evaluateTraces({ metrics, model });
      await client.deleteTrace(gone);
      // The run's counts do not change.
      expect(await client.getTraceRun(run.id)).toMatchObject({ evaluated_count: 2, failed_count: 0 });
      expect(await client.getTraceRunScores(run.id)).toHaveLength(1);
    },
  },
];
