import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { judge, model, storeTraces, unknownId } from "./samples.ts";
import type { Behaviour } from "./side.ts";

const metrics = ["agent_reliability"];

export const sessionRuns: readonly Behaviour[] = [
  {
    name: "creates a run over matching or given sessions",
    async check(side) {
      const client = side.client();
      await storeTraces(
        client,
        { session_id: "a", user_id: "u" },
        { session_id: "a", status: "ERROR", tags: ["x"] },
        { session_id: "b", user_id: "v" },
        {},
      );
      const signal_weights = { confidence: 2 };
      expect(
        await client.createSessionRun({ metrics, model, filters: { min_trace_count: 2 }, signal_weights }),
      ).toMatchObject({
        status: "PENDING",
        target_type: "SESSION",
        total_targets: 1,
        filters: { min_trace_count: 2, signal_weights },
      });
      const counted = async (filters: object) =>
        (await client.createSessionRun({ metrics, model, filters })).total_targets;
      expect(await counted({})).toBe(2);
      expect(await counted({ has_error: true })).toBe(1);
      expect(await counted({ has_error: false, user_id: "u" })).toBe(1);
      expect(await counted({ tags: ["x", "y"] })).toBe(1);
      expect(await counted({ date_from: "2026-03-01T09:02:00Z" })).toBe(1);
      const batch = await client.createSessionRunBatch({ session_ids: ["b", "b"], metrics, model });
      expect(batch).toMatchObject({ total_targets: 1, filters: { session_ids: ["b"] } });
      const unknown = client.createSessionRunBatch({ session_ids: ["b", "unknown"], metrics, model });
      await expectRefusal(unknown, 404, "not_found", ["body", "session_ids"]);
      const none = client.createSessionRun({ metrics, model, filters: { user_id: "w" } });
      await expectRefusal(none, 422, "nothing_matches");
    },
  },
  {
    name: "estimates a run over sessions without creating it",
    async check(side) {
      const client = side.client();
      await storeTraces(client, { session_id: "a" }, { session_id: "a" }, { session_id: "b" });
      const filters = { min_trace_count: 2 };
      const estimate = await client.estimateSessionRun({ metrics, model, filters });
      expect(estimate).toMatchObject({ targets: 1, cost_usd: { low: 0, high: 0 } });
      await expectRefusal(client.estimateSessionRun({ metrics: ["coherence"] }), 400, "unknown_metric");
      expect((await client.listSessionRuns()).total).toBe(0);
    },
  },
  {
    name: "refuses invalid session runs",
    async check(side) {
      const client = side.client();
      await storeTraces(client, { session_id: "a" });
      await expectRefusal(client.createSessionRun({ metrics: ["coherence"] }), 400, "unknown_metric");
      const weights = { mood: 1 } as object;
      const weighted = client.createSessionRun({ metrics, signal_weights: weights });
      await expectRefusal(weighted, 400, "invalid_signal_weights", ["body", "signal_weights", "mood"]);
      const filters = { status: "ERROR" } as object;
      const filtered = client.createSessionRun({ metrics, filters });
      await expectRefusal(filtered, 400, "invalid_filters", ["body", "filters", "status"]);
    },
  },
  {
    name: "scores sessions, and stores the signals as trace scores of the run",
    async check(side) {
      const client = side.client();
      const ids = await storeTraces(client, { session_id: "a/b" }, { session_id: "a/b", output: "Five." });
      const { run, scores } = await client.evaluateSessions({
        metrics: ["agent_reliability", "agent_consistency"],
        model,
      });
      expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: 1, failed_count: 0 });
      expect(scores.of("a/b", "agent_reliability")).toMatchObject({
        status: "SUCCESS",
        source: "AUTOMATED",
        eval_run_id: run.id,
        metadata: {
          total_traces_in_session: 2,
          traces_evaluated: 2,
          threshold: 0.5,
          success: expect.any(Boolean),
          signal_weights: { confidence: 1, loop_detection: 1, tool_correctness: 0.8, coherence: 1 },
          flagged_traces: expect.any(Array),
          per_trace_signals: Object.fromEntries(ids.map((id) => [id, expect.anything()])),
        },
      });
      expect(scores.of("a/b", "agent_consistency")?.number).toBeGreaterThanOrEqual(0);
      const { items } = await client.listTraceScores({ eval_run_id: run.id });
      expect(items.map(({ trace_id, name }) => `${trace_id} ${name}`).sort()).toEqual(
        ids
          .flatMap((id) =>
            ["coherence", "confidence", "loop_detection", "tool_correctness"].map((name) => `${id} ${name}`),
          )
          .sort(),
      );
      expect(await client.getSessionRunScores(run.id, { limit: 1 })).toHaveLength(1);
      await expectRefusal(client.getTraceRun(run.id), 404, "not_found");
      await expectRefusal(client.getSessionRunScores(unknownId), 404, "not_found");
    },
  },
  {
    name: "shows the progress of a session run, lists and deletes it",
    async check(side) {
      const client = side.client();
      await storeTraces(client, { session_id: "a" });
      const run = await client.createSessionRun({ metrics, model });
      const ended = await client.waitForRun(run.id);
      expect(await client.getSessionRun(run.id)).toEqual(ended);
      const events = await side.send(
        {
          method: "GET",
          path: `/evaluations/session-runs/${run.id}/events`,
          headers: { "last-event-id": "COMPLETED-1-0" },
        },
        client,
      );
      // Events that the client has seen are not repeated.
      expect(events.body).toBe("retry: 1000\n\n");
      expect((await client.listSessionRuns()).items.map(({ id }) => id)).toEqual([run.id]);
      expect((await client.listTraceRuns()).total).toBe(0);
      await client.deleteSessionRun(run.id, { deleteScores: true });
      expect((await client.listTraceScores()).total).toBe(0);
      expect(await client.getSessionScores("a")).toEqual([]);
      await expectRefusal(client.getSessionRun(run.id), 404, "not_found");
    },
  },
  {
    name: "cancels a session run, and retries what failed",
    async check(side) {
      const client = side.client();
      await storeTraces(client, { session_id: "a" });
      side.setHeld(true);
      const run = await client.createSessionRun({ metrics, model: judge });
      expect(await client.cancelSessionRun(run.id)).toMatchObject({
        status: "FAILED",
        error_message: "Cancelled",
      });
      side.setHeld(false);
      side.setJudgeBroken(true);
      const retry = await client.waitForRun(await client.retrySessionRun(run.id));
      side.setJudgeBroken(false);
      expect(retry).toMatchObject({ filters: { retry_of: run.id, session_ids: ["a"] }, status: "COMPLETED" });
      const [score] = await client.getSessionRunScores(retry.id);
      // The metadata lists failed signals, or the score failed because of them.
      expect(score?.status === "FAILED" || "failed_signals" in (score?.metadata ?? {})).toBe(true);
      const again = await client.waitForRun(await client.retrySessionRun(retry.id));
      expect(again).toMatchObject({ name: `Retry: Retry: ${run.id}`, failed_count: 0 });
      await expectRefusal(client.retrySessionRun(again.id), 422, "nothing_to_retry");
    },
  },
];
