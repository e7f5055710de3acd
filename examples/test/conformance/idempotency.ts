import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { model, storeTrace, unknownId } from "./samples.ts";
import type { Behaviour } from "./side.ts";

const started_at = "2026-03-01T09:00:00Z";

export const idempotency: readonly Behaviour[] = [
  {
    name: "does a request once per idempotency key, and refuses the key with another body",
    async check(side) {
      const client = side.client();
      const id = await storeTrace(client);
      const options = { idempotencyKey: "a key" };
      const body = { metrics: ["coherence"], trace_ids: [id], model };
      const first = await client.createTraceRunBatch(body, options).withResponse();
      const again = await client.createTraceRunBatch(body, options).withResponse();
      expect(first.headers.get("idempotency-replayed")).toBe(null);
      expect(again.headers.get("idempotency-replayed")).toBe("true");
      expect(again.data).toEqual(first.data);
      expect(again.status).toBe(202);
      expect((await client.listTraceRuns()).total).toBe(1);
      const other = client.createTraceRunBatch({ ...body, name: "other" }, options);
      await expectRefusal(other, 409, "idempotency_key_reused");
      // Refusals are not stored: the key can be reused for a valid request.
      const retried = { idempotencyKey: "another" };
      const missing = client.createTraceScore({ trace_id: unknownId, name: "a", value: "1" }, retried);
      await expectRefusal(missing, 404, "not_found");
      expect(await client.createTraceScore({ trace_id: id, name: "a", value: "1" }, retried)).toMatchObject({
        name: "a",
      });
      const tooLong = client.createTraceScore(
        { trace_id: id, name: "a", value: "1" },
        { idempotencyKey: "k".repeat(256) },
      );
      await expectRefusal(tooLong, 422, "validation_error", ["header", "Idempotency-Key"]);
    },
  },
  {
    name: "replays the response of every POST with a key",
    async check(side) {
      const client = side.client();
      const span = { span_id: "44444444-4444-4444-8444-444444444444", name: "s", started_at };
      const trace_id = await storeTrace(client, { session_id: "a", spans: [span] });
      const score = { trace_id, name: "quality", value: "1" };
      const monitor = { name: "m", target_type: "TRACE", metrics: ["coherence"], cadence: "daily", model };
      const made = await client.createMonitor({ ...monitor, target_type: "TRACE" });
      const posts: readonly (readonly [string, unknown])[] = [
        ["/traces", { name: "a", started_at }],
        ["/traces/batch", { traces: [{ name: "a", started_at }, {}] }],
        [`/traces/${trace_id}/spans`, [span]],
        ["/evaluations/trace-runs", { metrics: ["coherence"], model }],
        ["/evaluations/session-runs", { metrics: ["agent_reliability"], model }],
        ["/evaluations/session-runs/batch", { metrics: ["agent_reliability"], model, session_ids: ["a"] }],
        ["/evaluations/trace-scores", score],
        ["/evaluations/session-scores", { ...score, session_id: "a" }],
        ["/evaluations/span-scores", { ...score, span_id: span.span_id }],
        ["/evaluations/monitors", monitor],
        [`/evaluations/monitors/${made.id}/trigger`, undefined],
      ];
      for (const [index, [path, body]] of posts.entries()) {
        const request = { method: "POST", path, body, headers: { "idempotency-key": `key ${index}` } };
        const first = await side.send(request, client);
        const again = await side.send(request, client);
        expect(first.status, path).toBeLessThan(300);
        expect([again.status, again.body], path).toEqual([first.status, first.body]);
        expect(again.headers.get("idempotency-replayed"), path).toBe("true");
      }
      expect((await client.listMonitors()).total).toBe(2);
      expect((await client.listTraces()).total).toBe(3);
    },
  },
  {
    name: "limits a key to its project and to one request",
    async check(side) {
      const client = side.client();
      const id = await storeTrace(client);
      const headers = { "idempotency-key": "a key" };
      const score = { method: "POST", path: "/evaluations/trace-scores", headers };
      const body = { trace_id: id, name: "quality", value: "1" };
      expect((await side.send({ ...score, body }, client)).status).toBe(201);
      const elsewhere = { method: "POST", path: "/traces", body: { name: "a", started_at }, headers };
      const { status, body: problem } = await side.send(elsewhere, client);
      expect([status, (problem as { code: string }).code]).toEqual([409, "idempotency_key_reused"]);
      // The same body, formatted differently.
      const spaced = await side.send({ ...score, body: ` ${JSON.stringify(body)}` }, client);
      expect(spaced.status).toBe(409);
      expect((await side.send(elsewhere, side.client())).status).toBe(202);
      expect((await client.listTraceScores()).total).toBe(1);
    },
  },
];
