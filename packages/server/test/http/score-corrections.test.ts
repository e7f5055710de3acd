import type { ScoreSummaryItem, TraceScoreResponse } from "@pandaprobe/contract";
import { expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { createRun } from "../support/run-helpers.ts";
import { storeTrace } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { createScore } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);
const path = "/evaluations/trace-scores";

/** A score as a run's judge gives it. */
async function judgedScore(
  api: ApiClient,
  fields: { readonly value: string | null; readonly metadata: object; readonly status?: string },
): Promise<TraceScoreResponse> {
  const trace = await storeTrace(api);
  const run = await createRun(api);
  const { id } = await createScore(api, trace, { name: "confidence", metadata: fields.metadata });
  await database.run(
    `update trace_scores set source = 'AUTOMATED', eval_run_id = $1, reason = 'Said the judge.', value = $2, status = $3
     where id = $4`,
    [run.id, fields.value, fields.status ?? "SUCCESS", id],
  );
  return latest(api, trace);
}

async function latest(api: ApiClient, traceId: string): Promise<TraceScoreResponse> {
  const { body } = await api.get<TraceScoreResponse[]>(`${path}/${traceId}`);
  const [score] = body;
  if (score === undefined) throw new Error("The trace has no score.");
  return score;
}

async function correct(api: ApiClient, { id }: { id: string }, change: object): Promise<TraceScoreResponse> {
  const { status, body } = await api.patch<TraceScoreResponse>(`${path}/${id}`, change);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

async function summary(api: ApiClient): Promise<ScoreSummaryItem | undefined> {
  return (await api.get<ScoreSummaryItem[]>("/evaluations/analytics/trace-scores/summary")).body[0];
}

test.each([
  ["0.2", false, "0.9", true],
  ["0.9", true, "0.49", false],
  ["0.9", true, "0.50", true],
])(
  "corrected from %s (%s) to %s, success is %s, in the analytics too",
  async (value, success, to, passes) => {
    const api = server.project();
    const before = await judgedScore(api, { value, metadata: { threshold: 0.5, success, model: "m" } });
    expect(await summary(api)).toMatchObject({ pass_count: Number(success), graded_count: 1 });
    const after = await correct(api, before, { value: to });
    expect(after.metadata).toEqual({ threshold: 0.5, success: passes, model: "m" });
    expect(await summary(api)).toMatchObject({ pass_count: Number(passes), graded_count: 1 });
  },
);

test("sent metadata replaces the threshold that success follows", async () => {
  const api = server.project();
  const before = await judgedScore(api, { value: "0.6", metadata: { threshold: 0.5, success: true } });
  const stricter = await correct(api, before, { metadata: { threshold: 0.7, success: true } });
  expect(stricter.metadata).toEqual({ threshold: 0.7, success: false });
  expect((await correct(api, before, { metadata: null })).metadata).toEqual({});
});

test("a failed score that gets a value counts as graded", async () => {
  const api = server.project();
  const metadata = { threshold: 0.5, success: false };
  const before = await judgedScore(api, { value: null, status: "FAILED", metadata });
  expect(await summary(api)).toMatchObject({ failed_count: 1, graded_count: 0 });
  const after = await correct(api, before, { value: "0.7" });
  expect(after).toMatchObject({ metadata: { success: true }, judged: { value: null } });
  expect(await summary(api)).toMatchObject({ failed_count: 0, pass_count: 1, graded_count: 1 });
});

test("a score with nothing to judge becomes applicable with a person's value, not with a reason alone", async () => {
  const api = server.project();
  const metadata = { threshold: 0.5, success: true, applicable: false, note: "no_plan" };
  const before = await judgedScore(api, { value: "1", metadata });
  expect(await summary(api)).toMatchObject({ not_applicable_count: 1, avg_score: null });
  await correct(api, before, { reason: "There really is no plan." });
  expect(await summary(api)).toMatchObject({ not_applicable_count: 1, avg_score: null });
  const after = await correct(api, before, { value: "0.2" });
  expect(after.metadata).toEqual({ threshold: 0.5, success: false });
  expect(await summary(api)).toMatchObject({ not_applicable_count: 0, avg_score: 0.2, graded_count: 1 });
});

test("the judge's own value stays beside a person's, in every read", async () => {
  const api = server.project();
  const before = await judgedScore(api, { value: "0.2", metadata: {} });
  expect(before.judged).toBeNull();
  await correct(api, before, { value: "0.4" });
  const after = await correct(api, before, { value: "0.9", reason: "It did book the hotel." });
  const judged = { value: "0.2", reason: "Said the judge.", eval_run_id: before.eval_run_id };
  expect(after).toMatchObject({ value: "0.9", reason: "It did book the hotel.", judged });
  expect(await latest(api, before.trace_id)).toEqual(after);
  expect((await api.get(path)).body).toMatchObject({ items: [after] });
  const ofRun = await api.get(`/evaluations/trace-runs/${before.eval_run_id}/scores`);
  expect(ofRun.body).toEqual([after]);
});

test("a score that a person gave has no judge, however often it changes", async () => {
  const api = server.project();
  const score = await createScore(api, await storeTrace(api));
  expect((await correct(api, score, { value: "0.1" })).judged).toBeNull();
});
