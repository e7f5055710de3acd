import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { judge, model, storeTrace, storeTraces, unknownId } from "./samples.ts";
import type { Behaviour } from "./side.ts";

export const scores: readonly Behaviour[] = [
  {
    name: "stores a manual score as it was sent",
    async check(side) {
      const client = side.client();
      const trace_id = await storeTrace(client, { environment: "prod" });
      expect(
        await client.createTraceScore({ trace_id, name: "quality", value: ".50", reason: "r" }),
      ).toMatchObject({
        value: ".50",
        data_type: "NUMERIC",
        source: "ANNOTATION",
        status: "SUCCESS",
        reason: "r",
        environment: "prod",
        eval_run_id: null,
        metadata: {},
      });
      const label = {
        trace_id,
        name: "tone",
        value: "kind",
        data_type: "CATEGORICAL",
        source: "PROGRAMMATIC",
      } as const;
      expect(await client.createTraceScore(label)).toMatchObject({ value: "kind", source: "PROGRAMMATIC" });
      const wrong = client.createTraceScore({ trace_id, name: "quality", value: "1.5" });
      await expectRefusal(wrong, 422, "validation_error", ["body", "value"]);
      const unknown = client.createTraceScore({ trace_id: unknownId, name: "a", value: "1" });
      await expectRefusal(unknown, 404, "not_found");
    },
  },
  {
    name: "returns the newest score of each name, and lists all by any filter",
    async check(side) {
      const client = side.client();
      const [trace_id = "", other = ""] = await storeTraces(client, { environment: "prod" }, {});
      const first = await client.createTraceScore({ trace_id, name: "b", value: "0.1" });
      const second = await client.createTraceScore({ trace_id, name: "b", value: "0.2" });
      await client.createTraceScore({ trace_id, name: "a", value: "true", data_type: "BOOLEAN" });
      await client.createTraceScore({ trace_id: other, name: "b", value: "0.3" });
      expect((await client.getTraceScores(trace_id)).map(({ name, value }) => [name, value])).toEqual([
        ["a", "true"],
        ["b", "0.2"],
      ]);
      expect(await client.getTraceScores(unknownId)).toEqual([]);
      const values = async (query: Parameters<typeof client.listTraceScores>[0]) =>
        (await client.listTraceScores(query)).items.map(({ value }) => value);
      expect(await values({})).toEqual(["0.3", "true", "0.2", "0.1"]);
      expect(await values({ name: "b", trace_id })).toEqual(["0.2", "0.1"]);
      expect(await values({ data_type: "BOOLEAN" })).toEqual(["true"]);
      expect(await values({ environment: "prod", limit: 1, offset: 1 })).toEqual(["0.2"]);
      expect(await values({ source: "PROGRAMMATIC" })).toEqual([]);
      expect(await values({ status: "SUCCESS", date_to: first.created_at })).toEqual([]);
      expect(await values({ date_from: second.created_at, name: "a" })).toEqual(["true"]);
      const crossed = client.listTraceScores({ date_from: "2026-03-02", date_to: "2026-03-01" });
      await expectRefusal(crossed, 400, "invalid_date_range", ["query", "date_from"]);
    },
  },
  {
    name: "lists the latest scores of many traces and sessions",
    async check(side) {
      const client = side.client();
      const stored = await storeTraces(
        client,
        { session_id: "s" },
        { session_id: "t,u" },
        { session_id: "v" },
      );
      const [first = "", second = "", third = ""] = stored;
      const sessions = ["s", "t,u", "v"];
      for (const trace_id of stored)
        for (const [name, value, author_user_id] of [
          ["a", "0.1", "ann"],
          ["a", "0.2", undefined],
          ["b", "0.3", undefined],
        ] as const) {
          const score = { name, value, author_user_id };
          const session_id = sessions[stored.indexOf(trace_id)] ?? "";
          await client.createTraceScore({ trace_id, ...score });
          await client.review.createSessionScore({ session_id, ...score });
        }
      const ofTraces = async (query: Parameters<typeof client.listTraceScores>[0]) => {
        const { items, total } = await client.listTraceScores(query);
        return [total, ...items.map(({ trace_id, value }) => `${stored.indexOf(trace_id)} ${value}`)];
      };
      const ofSessions = async (query: Parameters<typeof client.listSessionScores>[0]) => {
        const { items, total } = await client.listSessionScores(query);
        return [total, ...items.map(({ session_id, value }) => `${sessions.indexOf(session_id)} ${value}`)];
      };
      const latest = true;
      const [trace_ids, session_ids] = [
        [second, first],
        ["t,u", "s"],
      ];
      for (const [list, targets, one] of [
        [ofTraces, { trace_ids }, { trace_id: third }],
        [ofSessions, { session_ids }, { session_id: "v" }],
      ] as const) {
        expect(await list({ ...targets })).toEqual([6, "1 0.3", "1 0.2", "1 0.1", "0 0.3", "0 0.2", "0 0.1"]);
        expect(await list({ ...targets, latest })).toEqual([4, "1 0.3", "1 0.2", "0 0.3", "0 0.2"]);
        expect(await list({ ...targets, latest, limit: 1, offset: 1 })).toEqual([4, "1 0.2"]);
        expect(await list({ ...targets, latest, prefer: "person" })).toEqual([
          4,
          "1 0.3",
          "1 0.1",
          "0 0.3",
          "0 0.1",
        ]);
        expect(await list({ ...targets, ...one, latest })).toEqual([0]);
        expect(await list({ ...one, latest, name: "a" })).toEqual([1, "2 0.2"]);
        expect(await list({ latest, value_max: 0.2 })).toEqual([0]);
        expect(await list({ latest: false })).toHaveLength(10);
      }
      const many = Array.from({ length: 101 }, () => first);
      const tooMany = client.listTraceScores({ trace_ids: many });
      await expectRefusal(tooMany, 422, "validation_error", ["query", "trace_ids"]);
      const notAnId = client.listTraceScores({ trace_ids: [first, "x"] });
      await expectRefusal(notAnId, 422, "validation_error", ["query", "trace_ids", 1]);
    },
  },
  {
    name: "changes a score, and keeps its revisions",
    async check(side) {
      const client = side.client();
      const trace_id = await storeTrace(client);
      const made = await client.createTraceScore({
        trace_id,
        name: "quality",
        value: "0.5",
        source: "PROGRAMMATIC",
        reason: "first",
        metadata: { a: 1 },
      });
      const changed = await client.updateTraceScore(made.id, { value: "0.75", reason: null });
      expect(changed).toMatchObject({
        id: made.id,
        value: "0.75",
        reason: null,
        metadata: { a: 1 },
        source: "ANNOTATION",
        created_at: made.created_at,
      });
      expect(await client.updateTraceScore(made.id, { metadata: null })).toMatchObject({
        metadata: {},
        value: "0.75",
      });
      expect(await client.getTraceScoreRevisions(made.id)).toMatchObject([
        { revision: 1, value: "0.5", source: "PROGRAMMATIC", reason: "first", set_at: made.created_at },
        { revision: 2, value: "0.75", source: "ANNOTATION", reason: null, metadata: { a: 1 } },
      ]);
      await expectRefusal(client.updateTraceScore(made.id, { value: "2" }), 422, "validation_error", [
        "body",
        "value",
      ]);
      await expectRefusal(client.updateTraceScore(made.id, {}), 422, "validation_error", ["body"]);
      const unknownKey = client.updateTraceScore(made.id, { name: "a" } as object);
      await expectRefusal(unknownKey, 422, "validation_error", ["body", "name"]);
      await expectRefusal(client.updateTraceScore(unknownId, { value: "1" }), 404, "not_found");
      await expectRefusal(client.getTraceScoreRevisions(unknownId), 404, "not_found");
      await client.deleteTraceScore(made.id);
      await expectRefusal(client.deleteTraceScore(made.id), 404, "not_found");
    },
  },
  {
    name: "updates success after a correction, and keeps the judge's result",
    async check(side) {
      const client = side.client();
      await storeTrace(client);
      const evaluation = { metrics: ["confidence"], model: judge, thresholds: { confidence: 0.95 } };
      const { run, scores: judged } = await client.evaluateTraces(evaluation);
      const { id = "", value, reason } = judged[0] ?? {};
      const before = { value, reason, eval_run_id: run.id };
      expect(judged[0]).toMatchObject({ judged: null, metadata: { success: false } });
      const corrected = await client.updateTraceScore(id, { value: "0.95", reason: "It was right." });
      expect(corrected).toMatchObject({ metadata: { threshold: 0.95, success: true }, judged: before });
      const again = await client.updateTraceScore(id, { value: "0.9" });
      expect(again).toMatchObject({ metadata: { success: false }, judged: before });
      expect(await client.getTraceScoreSummary()).toMatchObject([{ pass_count: 0, graded_count: 1 }]);
      await client.deleteTraceRun(run.id);
      expect((await client.listTraceScores()).items).toMatchObject([
        { judged: { ...before, eval_run_id: null } },
      ]);
    },
  },
  {
    name: "leaves scores with nothing to judge out of every figure, and counts them",
    async check(side) {
      const client = side.client();
      const trace_id = await storeTrace(client);
      const nothing = { threshold: 0.5, success: true, applicable: false, note: "no_plan" };
      const made = await client.createTraceScore({ trace_id, name: "plan", value: "1", metadata: nothing });
      const summary = { success_count: 1, avg_score: null, graded_count: 0, not_applicable_count: 1 };
      expect(await client.getTraceScoreSummary()).toMatchObject([summary]);
      expect(await client.getTraceScoreTrend({ metric_name: "plan" })).toEqual([]);
      expect(await client.getTraceScoreDistribution({ metric_name: "plan" })).toEqual([]);
      const corrected = await client.updateTraceScore(made.id, { value: "0.25" });
      expect(corrected.metadata).toEqual({ threshold: 0.5, success: false });
      const counted = { avg_score: 0.25, pass_count: 0, graded_count: 1, not_applicable_count: 0 };
      expect(await client.getTraceScoreSummary()).toMatchObject([counted]);
    },
  },
  {
    name: "does not turn a failed score into a success without a value",
    async check(side) {
      const client = side.client();
      await storeTrace(client);
      side.setJudgeBroken(true);
      const { scores: failed } = await client.evaluateTraces({
        metrics: ["confidence"],
        model: judge,
      });
      side.setJudgeBroken(false);
      const id = failed[0]?.id ?? "";
      await expectRefusal(client.updateTraceScore(id, { reason: "r" }), 422, "validation_error", [
        "body",
        "value",
      ]);
      expect(await client.updateTraceScore(id, { value: "1", reason: "It is fine." })).toMatchObject({
        status: "SUCCESS",
        value: "1",
      });
    },
  },
  {
    name: "lists the scores of sessions, and deletes them",
    async check(side) {
      const client = side.client();
      await storeTraces(client, { session_id: "a" }, { session_id: "b" });
      const body = { metrics: ["agent_reliability"], model };
      const first = await client.evaluateSessions({ ...body, session_ids: ["a"] });
      const second = await client.evaluateSessions(body);
      expect((await client.getSessionScores("a")).map((score) => score.eval_run_id)).toEqual([
        second.run.id,
        first.run.id,
      ]);
      expect(await client.getSessionScores("unknown")).toEqual([]);
      const count = async (query: Parameters<typeof client.listSessionScores>[0]) =>
        (await client.listSessionScores(query)).total;
      expect(await count({})).toBe(3);
      expect(await count({ session_id: "b" })).toBe(1);
      expect(await count({ eval_run_id: first.run.id, name: "agent_reliability", status: "SUCCESS" })).toBe(
        1,
      );
      expect(await count({ source: "ANNOTATION" })).toBe(0);
      const id = first.scores[0]?.id ?? "";
      await client.deleteSessionScore(id);
      await expectRefusal(client.deleteSessionScore(id), 404, "not_found");
      expect(await count({})).toBe(2);
    },
  },
];
