import type { SessionComparisonPage, SessionScoreHistoryItem } from "@pandaprobe/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { sessionTarget } from "../../src/features/analytics/score-source.ts";
import { createRuns, insertScores, type ScoreFields } from "../analytics/support/score-table.ts";
import { connect } from "../analytics/support/use-database.ts";
import type { ApiClient } from "../support/api-client.ts";
import { readTrace, storeTrace } from "../support/traces.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const path = "/evaluations/analytics/session-scores";
const day = (n: number) => `2026-03-${String(n).padStart(2, "0")}T00:00:00.000Z`;
let db: Database;
beforeAll(() => {
  db = connect(server.current.database.url);
});
afterAll(() => db.destroy());

/** A project with these session scores, and a run for them. */
async function projectWith(
  scores: (run: string) => readonly Partial<ScoreFields>[],
): Promise<{ api: ApiClient; run: string }> {
  const api = server.project();
  const { project_id } = await readTrace(api, await storeTrace(api));
  const [run = ""] = await createRuns(db, sessionTarget, project_id, 1);
  const rows = scores(run).map((fields) => ({
    name: "agent_reliability",
    data_type: "NUMERIC" as const,
    status: "SUCCESS" as const,
    value: "0.5",
    created_at: day(1),
    targetId: "s",
    runId: null,
    ...fields,
  }));
  await insertScores(db, sessionTarget, project_id, rows);
  return { api, run };
}

describe("the history of a session", () => {
  async function history(api: ApiClient, session: string, query = ""): Promise<SessionScoreHistoryItem[]> {
    const answer = await api.get<SessionScoreHistoryItem[]>(
      `${path}/history/${encodeURIComponent(session)}${query}`,
    );
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  }

  test("has its scores of any status, oldest first", async () => {
    const { api, run } = await projectWith((runId) => [
      { value: "0.75", created_at: day(3), runId },
      { value: "0.29", created_at: day(1) },
      { value: null, status: "FAILED", created_at: day(2) },
      { name: "label", data_type: "CATEGORICAL", value: "rude", created_at: day(4) },
      { targetId: "S", value: "1" },
    ]);
    const score = (n: number, fields: object) => ({
      metric_name: "agent_reliability",
      eval_run_id: null,
      created_at: day(n),
      status: "SUCCESS",
      ...fields,
    });
    const [first, second, third, last] = [
      score(1, { score: 0.29 }),
      score(2, { score: null, status: "FAILED" }),
      score(3, { score: 0.75, eval_run_id: run }),
      score(4, { score: null, metric_name: "label" }),
    ];
    expect(await history(api, "s")).toEqual([first, second, third, last]);
    expect(await history(api, "s", "?limit=2")).toEqual([third, last]);
    expect(await history(api, "s", "?limit=200&metric_name=agent_reliability")).toEqual([
      first,
      second,
      third,
    ]);
    expect(await history(api, "s", "?limit=1&metric_name=agent_reliability")).toEqual([third]);
    expect(await history(api, "s", "?metric_name=unknown")).toEqual([]);
    expect(await history(api, "unknown")).toEqual([]);
    expect(await history(server.project(), "s")).toEqual([]);
  });

  test("works for a session of any name", async () => {
    const names = ["comparison", "a/b", "%2e ü?", "x".repeat(255)];
    const { api } = await projectWith(() => names.map((targetId) => ({ targetId })));
    for (const name of names) expect(await history(api, name), name).toHaveLength(1);
  });

  test("has the newest 50 scores by default", async () => {
    const { api } = await projectWith(() =>
      Array.from({ length: 60 }, (_, n) => ({
        created_at: `2026-03-01T00:${String(n).padStart(2, "0")}:00.000Z`,
      })),
    );
    const items = await history(api, "s");
    expect(items).toHaveLength(50);
    expect(items.at(0)?.created_at).toBe("2026-03-01T00:10:00.000Z");
    expect(items.at(-1)?.created_at).toBe("2026-03-01T00:59:00.000Z");
  });

  test.each([
    ["limit=0", "limit"],
    ["limit=201", "limit"],
    ["limit=x", "limit"],
    ["metric_name=", "metric_name"],
  ])("refuses %s", async (query, name) => {
    expectProblem(await server.project().get(`${path}/history/s?${query}`), "validation_error", {
      loc: ["query", name],
    });
  });
});

describe("the comparison of sessions", () => {
  async function compare(api: ApiClient, query: Record<string, string> = {}): Promise<SessionComparisonPage> {
    const search = new URLSearchParams({ metric_name: "agent_reliability", ...query });
    const answer = await api.get<SessionComparisonPage>(`${path}/comparison?${search}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  }

  test("ranks sessions by their newest successful numeric score, the worst first", async () => {
    const { api, run } = await projectWith((runId) => [
      { targetId: "improved", value: "0.1", created_at: day(1) },
      { targetId: "improved", value: "0.9", created_at: day(2), runId },
      { targetId: "failed since", value: "0.2", created_at: day(1) },
      { targetId: "failed since", value: null, status: "FAILED", created_at: day(2) },
      { targetId: "b", value: "0.5" },
      { targetId: "a", value: "0.50" },
      { targetId: "never", value: null, status: "FAILED" },
      { targetId: "labelled", value: "true", data_type: "BOOLEAN" },
      { targetId: "other", name: "agent_consistency", value: "0" },
    ]);
    const item = (session_id: string, score: number) => ({
      session_id,
      score,
      evaluated_at: day(1),
      eval_run_id: null,
    });
    const improved = { ...item("improved", 0.9), evaluated_at: day(2), eval_run_id: run };
    const [worst, tie, nextTie] = [item("failed since", 0.2), item("a", 0.5), item("b", 0.5)];
    const all = { total: 4, limit: 20, offset: 0 };
    expect(await compare(api)).toEqual({ ...all, items: [worst, tie, nextTie, improved] });
    expect(await compare(api, { sort_order: "asc" })).toEqual(await compare(api));
    expect(await compare(api, { sort_order: "desc" })).toEqual({
      ...all,
      items: [improved, tie, nextTie, worst],
    });
    expect(await compare(api, { limit: "2", offset: "1" })).toEqual({
      items: [tie, nextTie],
      total: 4,
      limit: 2,
      offset: 1,
    });
    expect(await compare(api, { offset: "4" })).toEqual({ ...all, offset: 4, items: [] });
    expect(await compare(api, { metric_name: "unknown" })).toEqual({ ...all, total: 0, items: [] });
    expect(await compare(server.project())).toEqual({ ...all, total: 0, items: [] });
  });

  test.each([
    ["", "metric_name"],
    ["metric_name=", "metric_name"],
    ["metric_name=a&sort_order=worst", "sort_order"],
    ["metric_name=a&limit=0", "limit"],
    ["metric_name=a&limit=101", "limit"],
    ["metric_name=a&offset=-1", "offset"],
  ])("refuses %j", async (query, name) => {
    expectProblem(await server.project().get(`${path}/comparison?${query}`), "validation_error", {
      loc: ["query", name],
    });
  });
});
