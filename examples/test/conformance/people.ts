import type { PandaProbe, TraceCreate } from "@pandaprobe/sdk";
import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { model, storeTrace, storeTraces, unknownId } from "./samples.ts";
import type { Behaviour } from "./side.ts";

const spanId = "22222222-2222-4222-8222-222222222222";
const started_at = "2026-03-01T09:00:00.000Z";
const spans = [{ span_id: spanId, name: "search", kind: "TOOL" as const, started_at, output: [1, 2] }];

/** Judges a trace of the project. @returns its score, as the run's list has it */
async function judged(client: PandaProbe, fields: Partial<TraceCreate> = {}) {
  const trace_id = await storeTrace(client, { spans, ...fields });
  const { scores } = await client.evaluateTraces({ metrics: ["confidence"], model });
  const score = scores.of(trace_id, "confidence");
  if (score === undefined) throw new Error("The run has no score of the trace.");
  return score;
}

/** The values of the scores that each read gives first, with and without a preference. */
async function latest(client: PandaProbe, trace_id: string, prefer?: "person" | "annotation") {
  return (await client.getTraceScores(trace_id, { prefer })).map(({ value }) => value);
}

export const people: readonly Behaviour[] = [
  {
    name: "lists scores by their value",
    async check(side) {
      const client = side.client();
      const [trace_id = ""] = await storeTraces(client, { session_id: "s" });
      for (const [name, value] of [
        ["a", "0.25"],
        ["b", "0.5"],
        ["c", "1"],
      ] as const) {
        await client.createTraceScore({ trace_id, name, value });
        await client.review.createSessionScore({ session_id: "s", name, value });
      }
      await client.createTraceScore({ trace_id, name: "d", value: "true", data_type: "BOOLEAN" });
      for (const [bounds, expected] of [
        [{ value_min: 0.5 }, ["c", "b"]],
        [{ value_max: 0.5 }, ["a"]],
        [{ value_min: 0.25, value_max: 1 }, ["b", "a"]],
      ] as const)
        for (const list of ["listTraceScores", "listSessionScores"] as const) {
          const { items, total } = await client[list](bounds);
          expect(items.map(({ name }) => name)).toEqual(expected);
          expect(total).toBe(expected.length);
        }
    },
  },
  {
    name: "says who judged a score that asked no model",
    async check(side) {
      const client = side.client();
      const [trace = ""] = await storeTraces(client, {});
      const judgementOf = (id: string) => client.review.getTraceScoreJudgement(id);
      const word = await client.createTraceScore({ trace_id: trace, name: "tone", value: "1" });
      expect(await judgementOf(word.id)).toMatchObject({ by: "PERSON", judges: [], questions: [] });
      const run = await client.createTraceRun({ metrics: ["task_completion", "coherence"], model });
      await client.waitForRun(run);
      const scores = await client.getTraceRunScores(run.id);
      const idOf = (name: string) => scores.find((score) => score.name === name)?.id ?? "";
      const judged = { by: "HEURISTIC", judges: [model], model, repeats: 1, repeat: 1 };
      expect(await judgementOf(idOf("task_completion"))).toMatchObject(judged);
      expect(await judgementOf(idOf("coherence"))).toMatchObject({ by: "RULE", model: null });
      const { review } = client;
      const score = idOf("task_completion");
      const wrongRepeat = review.getTraceScoreJudgement(score, { repeat: 2 });
      await expectRefusal(wrongRepeat, 422, "validation_error", ["query", "repeat"]);
      const wrongModel = review.getTraceScoreJudgement(score, { model: "openai/other" });
      await expectRefusal(wrongModel, 422, "validation_error", ["query", "model"]);
      await expectRefusal(judgementOf(unknownId), 404, "not_found");
      await client.deleteTraceRun(run.id);
      expect(await judgementOf(score)).toMatchObject({ by: "UNKNOWN" });
    },
  },
  {
    name: "calls a score stale once its trace has changed, and not for what no judge reads",
    async check(side) {
      const client = side.client();
      const { trace_id } = await judged(client);
      const isStale = async () => (await client.getTraceScores(trace_id))[0]?.stale;
      const same = { trace_id, name: "trace 0", started_at, input: "2 + 2?", output: "4", spans };
      const harmless = [
        () => client.createTrace(same),
        () => client.createTraceBatch({ traces: [same, same] }),
        () => client.createTrace({ ...same, tags: ["late"], user_id: "ann", name: "renamed" }),
        () => client.updateTrace(trace_id, { metadata: { ticket: 42 }, release: "v2", session_id: "s" }),
        () => client.tagTraces({ trace_ids: [trace_id], add_tags: ["b"] }),
        () => client.updateTrace(trace_id, { input: "2 + 2?", status: "COMPLETED" }),
        () => client.createSpans(trace_id, spans),
        () => client.updateSpan(trace_id, spanId, { token_usage: { total_tokens: 3 }, output: [1, 2] }),
      ];
      expect(await isStale()).toBe(false);
      for (const write of harmless) {
        await write();
        expect(await isStale(), write.toString()).toBe(false);
      }
      const changes = [
        [() => client.updateTrace(trace_id, { output: "5" }), () => client.createTrace(same)],
        [
          () => client.updateTrace(trace_id, { input: "?" }),
          () => client.createTraceBatch({ traces: [same] }),
        ],
        [
          () => client.updateTrace(trace_id, { status: "ERROR" }),
          () => client.updateTrace(trace_id, { status: "COMPLETED" }),
        ],
        [
          () => client.updateTrace(trace_id, { metadata: { tools: ["search"] } }),
          () => client.updateTrace(trace_id, { metadata: { tools: null } }),
        ],
        [
          () => client.updateSpan(trace_id, spanId, { output: [] }),
          () => client.updateSpan(trace_id, spanId, { output: [1, 2] }),
        ],
        [
          () => client.createSpans(trace_id, [{ name: "fetch", started_at, span_id: spanId }]),
          () => client.createTrace(same),
        ],
      ] as const;
      for (const [change, undo] of changes) {
        await change();
        expect(await isStale(), change.toString()).toBe(true);
        await undo();
      }
      expect(await client.createTrace({ ...same, spans: [{ name: "late", started_at }] })).toBeDefined();
      expect(await isStale()).toBe(true);
    },
  },
  {
    name: "prefers a person's score to newer ones of judges, until the trace changes",
    async check(side) {
      const client = side.client();
      const { trace_id, value } = await judged(client);
      const name = "confidence";
      const word = { trace_id, name, value: "0.123" };
      await client.createTraceScore(word);
      expect(await latest(client, trace_id)).toEqual(["0.123"]);
      await client.evaluateTraces({ metrics: [name], model });
      expect(await latest(client, trace_id)).toEqual([value]);
      expect(await latest(client, trace_id, "person")).toEqual([value]);
      expect(await latest(client, trace_id, "annotation")).toEqual(["0.123"]);

      const anns = await client.createTraceScore({ ...word, value: "0.2", author_user_id: "ann" });
      expect(anns).toMatchObject({ author_user_id: "ann", stale: false, judged: null });
      const bobs = await client.createTraceScore({ ...word, value: "0.3", author_user_id: "bob" });
      const newer = await client.evaluateTraces({ metrics: [name], model });
      expect(newer.scores).toMatchObject([{ id: bobs.id, number: 0.3 }]);
      const [own] = await client.getTraceRunScores(newer.run.id);
      expect(own).toMatchObject({ source: "AUTOMATED", eval_run_id: newer.run.id });
      expect(await latest(client, trace_id)).toEqual([value]);
      expect(await latest(client, trace_id, "person")).toEqual(["0.3"]);
      await client.updateTraceScore(anns.id, {
        reason: "I looked again.",
        author_user_id: "ann@example.com",
      });
      expect(await client.getTraceScores(trace_id, { prefer: "person" })).toMatchObject([
        { value: "0.2", author_user_id: "ann@example.com", reason: "I looked again." },
      ]);

      const listed = async (query: object) =>
        (await client.listTraceScores({ trace_id, ...query })).items.map((score) => score.value);
      expect(await listed({})).toHaveLength(6);
      expect(await listed({ prefer: "person" })).toEqual(["0.3", "0.2"]);
      expect(await listed({ prefer: "annotation" })).toEqual(["0.3", "0.2", "0.123"]);
      expect(await listed({ prefer: "person", source: "AUTOMATED" })).toEqual([]);
      const ofRun = async (query: object) =>
        (await client.getTraceRunScores(newer.run.id, query)).map((score) => score.id);
      expect(await ofRun({})).toEqual([own?.id]);
      expect(await ofRun({ prefer: "person" })).toEqual([anns.id]);
      await client.deleteTraceScore(anns.id);
      expect(await ofRun({ prefer: "person" })).toEqual([bobs.id]);

      await client.updateTrace(trace_id, { output: "something else" });
      expect(await latest(client, trace_id, "person")).toEqual([value]);
      expect(await listed({ prefer: "person" })).toHaveLength(5);
      expect(await ofRun({ prefer: "person" })).toEqual([own?.id]);
      const none = await client.createTraceRun({ metrics: [name], model, sampling_rate: 0 });
      expect(await client.getTraceRunScores(none.id, { prefer: "person" })).toEqual([]);
      await expectRefusal(
        client.getTraceScores(trace_id, { prefer: "judge" as "person" }),
        422,
        "validation_error",
        ["query", "prefer"],
      );
    },
  },
  {
    name: "treats a corrected score as a person's, about the trace as it is then",
    async check(side) {
      const client = side.client();
      const score = await judged(client);
      const { trace_id, value } = score;
      const bot = { trace_id, name: "tone", value: "0.5", source: "PROGRAMMATIC" } as const;
      const counted = await client.createTraceScore(bot);
      await client.updateTrace(trace_id, { output: "5" });
      // Only its reason is a person's, and its value is still about the earlier output.
      const explained = await client.updateTraceScore(counted.id, { reason: "Because." });
      expect(explained).toMatchObject({ source: "ANNOTATION", stale: true });
      await client.createTraceScore({ ...bot, value: "0.6" });
      expect(await latest(client, trace_id, "annotation")).toEqual([value, "0.6"]);
      await client.deleteTraceScore(counted.id);
      await client.evaluateTraces({ metrics: ["confidence"], model });
      const corrected = await client.updateTraceScore(score.id, {
        value: "0.111",
        reason: "So.",
        metadata: {},
      });
      expect(corrected).toMatchObject({ stale: false, author_user_id: null, judged: { value } });
      expect(await latest(client, trace_id)).not.toEqual(["0.111", "0.6"]);
      expect(await latest(client, trace_id, "person")).toEqual(["0.111", "0.6"]);
      const named = await client.updateTraceScore(score.id, { author_user_id: "ann" });
      expect(named).toMatchObject({ author_user_id: "ann", value: "0.111" });
      expect(await client.updateTraceScore(score.id, { author_user_id: null })).toMatchObject({
        author_user_id: null,
      });
      expect(await latest(client, trace_id, "person")).toEqual(["0.111", "0.6"]);
      const tooLong = client.updateTraceScore(score.id, { author_user_id: "a".repeat(256) });
      await expectRefusal(tooLong, 422, "validation_error", ["body", "author_user_id"]);
    },
  },
  {
    name: "calls a session's score stale once one of its traces has changed, come or gone",
    async check(side) {
      const client = side.client();
      const [first = "", second = ""] = await storeTraces(client, { session_id: "s" }, { session_id: "s" });
      const evaluate = () => client.evaluateSessions({ metrics: ["agent_consistency"], model });
      const isStale = async () => (await client.getSessionScores("s"))[0]?.stale;
      await evaluate();
      expect(await isStale()).toBe(false);
      await client.updateTrace(first, { tags: ["seen"] });
      expect(await isStale()).toBe(false);
      await client.updateTrace(first, { output: "5" });
      expect(await isStale()).toBe(true);
      await evaluate();
      expect(await isStale()).toBe(false);
      await client.updateTrace(second, { session_id: "other" });
      expect(await isStale()).toBe(true);
      await evaluate();
      await storeTrace(client, { session_id: "s", name: "late" });
      expect((await client.listSessionScores({ session_id: "s" })).items.map(({ stale }) => stale)).toEqual([
        true,
        true,
        true,
      ]);
    },
  },
  {
    name: "takes people's scores of sessions, and corrections of judges' scores",
    async check(side) {
      const client = side.client();
      const { review } = client;
      const trace_id = await storeTrace(client, { session_id: "s" });
      const name = "agent_consistency";
      const body = { session_id: "s", name, value: "1e-1", author_user_id: "ann" };
      await expectRefusal(review.createSessionScore({ ...body, session_id: "t" }), 404, "not_found");
      await expectRefusal(review.createSessionScore({ ...body, value: "2" }), 422, "validation_error", [
        "body",
        "value",
      ]);
      const word = await review.createSessionScore(body);
      expect(word).toMatchObject({ value: "0.1", source: "ANNOTATION", judged: null, stale: false });
      const bots = await review.createSessionScore({ ...body, author_user_id: null, source: "PROGRAMMATIC" });
      const { scores } = await client.evaluateSessions({ metrics: [name], model });
      expect(scores).toMatchObject([{ id: word.id }]);
      const listed = async (query: object) =>
        (await client.listSessionScores({ session_id: "s", ...query })).items.map(({ id }) => id);
      const [judged = ""] = await listed({ source: "AUTOMATED" });
      expect(await listed({})).toEqual([judged, bots.id, word.id]);
      expect(await listed({ prefer: "person" })).toEqual([word.id]);
      expect(await listed({ author_user_id: "ann" })).toEqual([word.id]);
      expect((await client.listTraceScores({ trace_id, author_user_id: "ann" })).items).toEqual([]);

      const before = (await client.getSessionScores("s")).find(({ id }) => id === judged);
      const corrected = await review.updateSessionScore(judged, {
        value: "0.321",
        reason: "No.",
        metadata: { threshold: 0.5 },
      });
      expect(corrected).toMatchObject({
        source: "ANNOTATION",
        metadata: { threshold: 0.5, success: false },
        judged: { value: before?.value, eval_run_id: before?.eval_run_id },
      });
      expect(await listed({ prefer: "person" })).toEqual([judged, word.id]);
      await review.updateSessionScore(judged, { reason: null, metadata: null });
      expect(await review.getSessionScoreRevisions(judged)).toMatchObject([
        { revision: 1, source: "AUTOMATED" },
        { revision: 2, value: "0.321" },
      ]);
      expect(await review.getSessionScoreRevisions(word.id)).toEqual([]);
      await expectRefusal(review.updateSessionScore(judged, { value: "high" }), 422, "validation_error", [
        "body",
        "value",
      ]);
      await expectRefusal(review.getSessionScoreRevisions(trace_id), 404, "not_found");

      await client.deleteSessionRun(before?.eval_run_id ?? "");
      expect((await client.getSessionScores("s"))[0]?.judged).toMatchObject({ eval_run_id: null });
      await client.deleteSession("s");
      expect(await listed({})).toEqual([]);
    },
  },
  {
    name: "keeps scores of spans apart from all others",
    async check(side) {
      const client = side.client();
      const { review } = client;
      const trace_id = await storeTrace(client, { session_id: "s", spans });
      const body = { trace_id, span_id: spanId, name: "right_tool", value: "1e-1" };
      await expectRefusal(review.createSpanScore({ ...body, span_id: trace_id }), 404, "not_found");
      await expectRefusal(review.createSpanScore({ ...body, trace_id: spanId }), 404, "not_found");
      await expectRefusal(
        review.createSpanScore({ ...body, value: "maybe", data_type: "BOOLEAN" }),
        422,
        "validation_error",
        ["body", "value"],
      );
      const bots = await review.createSpanScore({
        ...body,
        source: "PROGRAMMATIC",
        metadata: { threshold: 0.5 },
      });
      expect(bots).toMatchObject({ value: "0.1", author_user_id: null, reason: null, data_type: "NUMERIC" });
      const anns = await review.createSpanScore({
        ...body,
        name: "tone",
        author_user_id: "ann",
        reason: "Rude.",
      });
      expect(await review.getSpanScore(anns.id)).toEqual(anns);

      const listed = async (query: object) => (await review.listSpanScores(query)).items.map(({ id }) => id);
      expect(await listed({ trace_id, span_id: spanId })).toEqual([anns.id, bots.id]);
      expect(await listed({ author_user_id: "ann" })).toEqual([anns.id]);
      expect(await listed({ source: "PROGRAMMATIC" })).toEqual([bots.id]);
      expect(await listed({ name: "tone", data_type: "NUMERIC" })).toEqual([anns.id]);
      expect(await listed({ span_id: trace_id })).toEqual([]);
      expect(await listed({ limit: 1, offset: 1 })).toEqual([bots.id]);
      expect(await listed({ date_from: "2020-01-01", date_to: "2020-01-02" })).toEqual([]);
      expect((await client.listTraceScores({ trace_id })).total).toBe(0);
      expect(await client.getTraceScores(trace_id)).toEqual([]);
      expect(await client.getTraceScoreSummary()).toEqual([]);

      const corrected = await review.updateSpanScore(bots.id, { value: "0.75", author_user_id: "bob" });
      expect(corrected).toMatchObject({
        value: "0.75",
        source: "ANNOTATION",
        author_user_id: "bob",
        metadata: { threshold: 0.5, success: true },
      });
      const explained = await review.updateSpanScore(bots.id, { reason: "So.", metadata: null });
      expect(explained).toMatchObject({ value: "0.75", reason: "So.", metadata: {} });
      for (const value of ["high", null])
        await expectRefusal(review.updateSpanScore(bots.id, { value }), 422, "validation_error", [
          "body",
          "value",
        ]);
      await review.deleteSpanScore(bots.id);
      for (const call of [
        () => review.getSpanScore(bots.id),
        () => review.updateSpanScore(bots.id, { value: "1" }),
        () => review.deleteSpanScore(bots.id),
      ])
        await expectRefusal(call(), 404, "not_found");
      await client.createTrace({ trace_id, name: "again", started_at, spans });
      expect(await listed({})).toEqual([anns.id]);
      await client.deleteTrace(trace_id);
      expect(await listed({})).toEqual([]);
    },
  },
];
