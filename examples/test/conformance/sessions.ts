import type { ListSessionsQuery, SessionEvalRunFilters } from "@pandaprobe/sdk";
import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { model, storeTraces } from "./samples.ts";
import type { Behaviour } from "./side.ts";

export const sessions: readonly Behaviour[] = [
  {
    name: "summarizes sessions, and lists those with a matching trace",
    async check(side) {
      const client = side.client();
      const spans = [
        {
          name: "s",
          started_at: "2026-03-01T09:00:00Z",
          cost: { total: 2 },
          token_usage: { total_tokens: 5 },
        },
      ];
      await storeTraces(
        client,
        { session_id: "support/1", user_id: "u", tags: ["b"], ended_at: "2026-03-01T09:00:02Z", spans },
        { session_id: "support/1", tags: ["a", "b"], status: "ERROR" },
        { session_id: "Sales 2", user_id: "v", ended_at: "2026-03-01T09:02:09Z" },
        {},
      );
      const listed = async (query: Parameters<typeof client.listSessions>[0]) =>
        (await client.listSessions(query)).items.map(({ session_id }) => session_id);
      expect(await listed({})).toEqual(["Sales 2", "support/1"]);
      expect(await listed({ sort_by: "trace_count" })).toEqual(["support/1", "Sales 2"]);
      expect(await listed({ sort_by: "latency", sort_order: "asc" })).toEqual(["support/1", "Sales 2"]);
      expect(await listed({ sort_by: "cost" })).toEqual(["support/1", "Sales 2"]);
      expect(await listed({ has_error: true })).toEqual(["support/1"]);
      expect(await listed({ has_error: false })).toEqual(["Sales 2"]);
      expect(await listed({ query: "SALES" })).toEqual(["Sales 2"]);
      expect(await listed({ tags: ["a"] })).toEqual(["support/1"]);
      expect(await listed({ user_id: "v" })).toEqual(["Sales 2"]);
      expect(await listed({ started_after: "2026-03-01T09:02:00Z" })).toEqual(["Sales 2"]);
      const session = await client.getSession("support/1", { limit: 1, offset: 1 });
      expect(session).toMatchObject({
        session_id: "support/1",
        trace_count: 2,
        first_trace_at: "2026-03-01T09:00:00.000Z",
        // The end of the one trace that has ended.
        last_trace_at: "2026-03-01T09:00:02.000Z",
        total_latency_ms: 2000,
        has_error: true,
        user_id: "u",
        tags: ["a", "b"],
        total_span_count: 1,
        total_tokens: 5,
        total_cost: 2,
        traces: [{ name: "trace 1" }],
      });
      expect(session.traces).toHaveLength(1);
      await expectRefusal(client.getSession("unknown"), 404, "not_found");
      // A filtered list sums up the matching traces only.
      expect((await client.listSessions({ tags: ["a"] })).items).toMatchObject([
        { session_id: "support/1", trace_count: 1, total_cost: 0, last_trace_at: "2026-03-01T09:01:00.000Z" },
      ]);
      expect(await listed({ user_id: "u", has_error: true })).toEqual([]);
    },
  },
  {
    name: "finds sessions by their traces' fields and by who judged them",
    async check(side) {
      const client = side.client();
      await storeTraces(
        client,
        { session_id: "a", release: "1.0", environment: "production", name: "Answer 100%" },
        { session_id: "a", release: "1.1" },
        { session_id: "b", release: "1.1", environment: "staging", name: "plan_b" },
      );
      const metrics = ["agent_reliability"];
      const { run } = await client.evaluateSessions({ metrics, model, filters: { release: "1.0" } });
      const listed = async (query: ListSessionsQuery) =>
        (await client.listSessions(query)).items.map(({ session_id }) => session_id).sort();
      expect(await listed({ release: "1.1" })).toEqual(["a", "b"]);
      expect(await listed({ release: "1.1", environment: "production" })).toEqual([]);
      expect(await listed({ trace_name: "N_B" })).toEqual(["b"]);
      expect(await listed({ eval_run_id: run.id })).toEqual(["a"]);
      expect(await listed({ model: run.model ?? "", release: "1.1" })).toEqual(["a"]);
      expect(await listed({ model: "openai/another" })).toEqual([]);
      expect(await listed({ source: "PROGRAMMATIC" })).toEqual([]);
      const matching = async (filters: SessionEvalRunFilters) =>
        (await client.createSessionRun({ metrics, model, filters })).total_targets;
      expect(run.total_targets).toBe(1);
      expect(await matching({ trace_name: "100%" })).toBe(1);
      expect(await matching({ environment: "staging", release: "1.1" })).toBe(1);
      expect(await matching({ tags: [] })).toBe(2);
      await expectRefusal(matching({ environment: "staging", release: "1.0" }), 422, "nothing_matches");
    },
  },
  {
    name: "counts sessions in every bucket in which they have a trace",
    async check(side) {
      const client = side.client();
      await storeTraces(
        client,
        { session_id: "a", ended_at: "2026-03-01T09:00:30Z" },
        { session_id: "a", ended_at: "2026-03-01T09:03:00Z" },
        { session_id: "b" },
        { session_id: "c", started_at: "2026-02-28T23:59:00Z" },
        { session_id: "c", started_at: "2026-03-01T10:59:00Z" },
      );
      const period = { started_after: "2026-03-01", started_before: "2026-03-02" };
      expect(await client.getSessionAnalytics({ ...period, granularity: "hour" })).toEqual([
        {
          bucket: "2026-03-01T09:00:00.000Z",
          session_count: 2,
          avg_traces_per_session: 1.5,
          avg_session_duration_ms: 90_000,
        },
        {
          bucket: "2026-03-01T10:00:00.000Z",
          session_count: 1,
          avg_traces_per_session: 2,
          avg_session_duration_ms: 11 * 3_600_000,
        },
      ]);
    },
  },
  {
    name: "deletes a session with all its data",
    async check(side) {
      const client = side.client();
      await storeTraces(client, { session_id: "a" }, { session_id: "a" }, { session_id: "b" });
      expect(await client.deleteSession("a")).toEqual({ deleted: 2 });
      expect((await client.listTraces()).total).toBe(1);
      await expectRefusal(client.deleteSession("a"), 404, "not_found");
    },
  },
];
