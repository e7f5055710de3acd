/** @module-tag slow */
import { beforeAll, describe, expect, test } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { addApiKey, generateApiKey } from "../../src/features/projects/api-keys.ts";
import type { Answer, ApiClient } from "../support/api-client.ts";
import { createRun } from "../support/run-helpers.ts";
import { testPool } from "../support/test-pool.ts";
import { spanBody, storeTrace, traceBody } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { type Operation, operations } from "./support/operations.ts";
import { createQueue, queueBody, queuesPath } from "./support/reviews.ts";
import {
  createMonitor,
  createScore,
  createSpanScore,
  monitorBody,
  storeSessionScore,
} from "./support/samples.ts";
import { newProject, useHttpServer } from "./support/use-http-server.ts";

/** Data of the owner that no one else may see or change. */
interface Belongings {
  readonly project: string;
  readonly trace: string;
  readonly span: string;
  readonly session: string;
  readonly score: string;
  readonly run: string;
  readonly sessionRun: string;
  readonly sessionScore: string;
  readonly spanScore: string;
  readonly monitor: string;
  readonly metric: string;
  readonly queue: string;
  readonly item: string;
}

interface Attempt {
  readonly path: (theirs: Belongings) => string;
  readonly body?: (theirs: Belongings) => object;
  /** `missing`: 404, as for an id that does not exist. `empty`: an empty list. `own`: only what is the caller's. */
  readonly answer: "missing" | "empty" | "own";
}

const analytics = "/evaluations/analytics";
const monitors = "/evaluations/monitors";
const ownMetrics = "/evaluations/metrics";
const period = "started_after=0001-01-01&started_before=9999-01-01";

/** Each operation of the contract, called by a stranger with the owner's ids. */
const attempts: Readonly<Record<string, Attempt>> = {
  createTrace: {
    path: () => "/traces",
    body: ({ trace, session }) => traceBody({ trace_id: trace, session_id: session, name: "a stranger's" }),
    answer: "own",
  },
  listTraces: { path: ({ session }) => `/traces?session_id=${session}`, answer: "empty" },
  getTrace: { path: ({ trace }) => `/traces/${trace}`, answer: "missing" },
  updateTrace: {
    path: ({ trace }) => `/traces/${trace}`,
    body: () => ({ name: "a stranger's" }),
    answer: "missing",
  },
  deleteTrace: { path: ({ trace }) => `/traces/${trace}`, answer: "missing" },
  createSpans: {
    path: ({ trace }) => `/traces/${trace}/spans`,
    body: ({ span }) => [spanBody({ span_id: span, name: "a stranger's" })],
    answer: "missing",
  },
  listSpans: { path: ({ trace }) => `/traces/${trace}/spans`, answer: "missing" },
  updateSpan: {
    path: ({ trace, span }) => `/traces/${trace}/spans/${span}`,
    body: () => ({ name: "a stranger's" }),
    answer: "missing",
  },
  createTraceBatch: {
    path: () => "/traces/batch",
    body: ({ trace, session }) => ({
      traces: [traceBody({ trace_id: trace, session_id: session, name: "a stranger's" })],
    }),
    answer: "own",
  },
  deleteTraces: {
    path: () => "/traces/batch/delete",
    body: ({ trace }) => ({ trace_ids: [trace] }),
    answer: "own",
  },
  tagTraces: {
    path: () => "/traces/batch/tags",
    body: ({ trace }) => ({ trace_ids: [trace], add_tags: ["a stranger's"] }),
    answer: "own",
  },
  getTraceAnalytics: { path: () => `/traces/analytics?metric=models&${period}`, answer: "empty" },
  listTraceUsers: { path: () => "/traces/users", answer: "empty" },
  listSessions: { path: ({ session }) => `/sessions?query=${session}`, answer: "empty" },
  getSessionAnalytics: { path: () => `/sessions/analytics?${period}`, answer: "own" },
  getSession: { path: ({ session }) => `/sessions/${session}`, answer: "missing" },
  deleteSession: { path: ({ session }) => `/sessions/${session}`, answer: "missing" },
  listTraceMetrics: { path: () => "/evaluations/trace-metrics", answer: "own" },
  listProviders: { path: () => "/evaluations/providers", answer: "own" },
  createTraceRun: {
    path: () => "/evaluations/trace-runs",
    body: ({ session }) => ({ metrics: ["coherence"], filters: { session_id: session }, sampling_rate: 1 }),
    answer: "own",
  },
  createTraceRunBatch: {
    path: () => "/evaluations/trace-runs/batch",
    body: ({ trace }) => ({ metrics: ["coherence"], trace_ids: [trace] }),
    answer: "missing",
  },
  estimateTraceRun: {
    path: () => "/evaluations/trace-runs/estimate",
    body: ({ session }) => ({ metrics: ["coherence"], filters: { session_id: session } }),
    answer: "own",
  },
  getTraceRunTemplate: { path: () => "/evaluations/trace-runs/template?metric=coherence", answer: "own" },
  listTraceRuns: { path: () => "/evaluations/trace-runs", answer: "empty" },
  getTraceRun: { path: ({ run }) => `/evaluations/trace-runs/${run}`, answer: "missing" },
  getTraceRunScores: { path: ({ run }) => `/evaluations/trace-runs/${run}/scores`, answer: "missing" },
  cancelTraceRun: { path: ({ run }) => `/evaluations/trace-runs/${run}/cancel`, answer: "missing" },
  streamTraceRun: { path: ({ run }) => `/evaluations/trace-runs/${run}/events`, answer: "missing" },
  retryTraceRun: { path: ({ run }) => `/evaluations/trace-runs/${run}/retry`, answer: "missing" },
  deleteTraceRun: {
    path: ({ run }) => `/evaluations/trace-runs/${run}?delete_scores=true`,
    answer: "missing",
  },
  listSessionMetrics: { path: () => "/evaluations/session-metrics", answer: "own" },
  createSessionRun: {
    path: () => "/evaluations/session-runs",
    body: () => ({ metrics: ["agent_reliability"], filters: { user_id: "unknown" } }),
    answer: "own",
  },
  createSessionRunBatch: {
    path: () => "/evaluations/session-runs/batch",
    body: ({ session }) => ({ metrics: ["agent_reliability"], session_ids: [session] }),
    answer: "missing",
  },
  estimateSessionRun: {
    path: () => "/evaluations/session-runs/estimate",
    body: () => ({ metrics: ["agent_reliability"], filters: { user_id: "secret" } }),
    answer: "own",
  },
  listSessionRuns: { path: () => "/evaluations/session-runs", answer: "empty" },
  getSessionRun: { path: ({ sessionRun }) => `/evaluations/session-runs/${sessionRun}`, answer: "missing" },
  getSessionRunScores: {
    path: ({ sessionRun }) => `/evaluations/session-runs/${sessionRun}/scores`,
    answer: "missing",
  },
  cancelSessionRun: {
    path: ({ sessionRun }) => `/evaluations/session-runs/${sessionRun}/cancel`,
    answer: "missing",
  },
  streamSessionRun: {
    path: ({ sessionRun }) => `/evaluations/session-runs/${sessionRun}/events`,
    answer: "missing",
  },
  retrySessionRun: {
    path: ({ sessionRun }) => `/evaluations/session-runs/${sessionRun}/retry`,
    answer: "missing",
  },
  deleteSessionRun: {
    path: ({ sessionRun }) => `/evaluations/session-runs/${sessionRun}?delete_scores=true`,
    answer: "missing",
  },
  createTraceScore: {
    path: () => "/evaluations/trace-scores",
    body: ({ trace }) => ({ trace_id: trace, name: "quality", value: "0" }),
    answer: "missing",
  },
  listTraceScores: {
    path: ({ trace }) => `/evaluations/trace-scores?trace_ids=${trace}&latest=true`,
    answer: "empty",
  },
  getTraceScores: { path: ({ trace }) => `/evaluations/trace-scores/${trace}`, answer: "empty" },
  updateTraceScore: {
    path: ({ score }) => `/evaluations/trace-scores/${score}`,
    body: () => ({ value: "0" }),
    answer: "missing",
  },
  getTraceScoreJudgement: {
    path: ({ score }) => `/evaluations/trace-scores/${score}/judgement`,
    answer: "missing",
  },
  getTraceScoreRevisions: {
    path: ({ score }) => `/evaluations/trace-scores/${score}/revisions`,
    answer: "missing",
  },
  deleteTraceScore: { path: ({ score }) => `/evaluations/trace-scores/${score}`, answer: "missing" },
  getTraceScoreSummary: { path: () => `${analytics}/trace-scores/summary`, answer: "empty" },
  getTraceScoreTrend: { path: () => `${analytics}/trace-scores/trend?metric_name=quality`, answer: "empty" },
  getTraceScoreDistribution: {
    path: () => `${analytics}/trace-scores/distribution?metric_name=quality`,
    answer: "empty",
  },
  getSessionScoreSummary: { path: () => `${analytics}/session-scores/summary`, answer: "empty" },
  getSessionScoreTrend: {
    path: () => `${analytics}/session-scores/trend?metric_name=agent_reliability`,
    answer: "empty",
  },
  getSessionScoreDistribution: {
    path: () => `${analytics}/session-scores/distribution?metric_name=agent_reliability`,
    answer: "empty",
  },
  getSessionScoreHistory: {
    path: ({ session }) => `${analytics}/session-scores/history/${session}`,
    answer: "empty",
  },
  getSessionScoreComparison: {
    path: () => `${analytics}/session-scores/comparison?metric_name=agent_reliability`,
    answer: "empty",
  },
  listSessionScores: {
    path: ({ session }) => `/evaluations/session-scores?session_ids=${session}&latest=true`,
    answer: "empty",
  },
  getSessionScores: { path: ({ session }) => `/evaluations/session-scores/${session}`, answer: "empty" },
  createSpanScore: {
    path: () => "/evaluations/span-scores",
    body: ({ trace, span }) => ({ trace_id: trace, span_id: span, name: "quality", value: "0" }),
    answer: "missing",
  },
  listSpanScores: {
    path: ({ trace, span }) => `/evaluations/span-scores?trace_id=${trace}&span_id=${span}`,
    answer: "empty",
  },
  getSpanScore: { path: ({ spanScore }) => `/evaluations/span-scores/${spanScore}`, answer: "missing" },
  updateSpanScore: {
    path: ({ spanScore }) => `/evaluations/span-scores/${spanScore}`,
    body: () => ({ value: "0" }),
    answer: "missing",
  },
  deleteSpanScore: { path: ({ spanScore }) => `/evaluations/span-scores/${spanScore}`, answer: "missing" },
  createSessionScore: {
    path: () => "/evaluations/session-scores",
    body: ({ session }) => ({ session_id: session, name: "quality", value: "0" }),
    answer: "missing",
  },
  updateSessionScore: {
    path: ({ sessionScore }) => `/evaluations/session-scores/${sessionScore}`,
    body: () => ({ value: "0" }),
    answer: "missing",
  },
  getSessionScoreRevisions: {
    path: ({ sessionScore }) => `/evaluations/session-scores/${sessionScore}/revisions`,
    answer: "missing",
  },
  deleteSessionScore: {
    path: ({ sessionScore }) => `/evaluations/session-scores/${sessionScore}`,
    answer: "missing",
  },
  computeAgreement: {
    path: () => "/evaluations/agreements",
    body: () => ({ metric: "quality" }),
    answer: "own",
  },
  compareScores: {
    path: () => "/evaluations/compare",
    body: ({ run }) => ({ a: { run_id: run }, b: { filters: {} }, metrics: ["quality"] }),
    answer: "missing",
  },
  createReviewQueue: {
    path: () => queuesPath,
    body: ({ run }) => queueBody({ from: { run_id: run } }),
    answer: "missing",
  },
  listReviewQueues: { path: () => queuesPath, answer: "empty" },
  getReviewQueue: { path: ({ queue }) => `${queuesPath}/${queue}`, answer: "missing" },
  updateReviewQueue: {
    path: ({ queue }) => `${queuesPath}/${queue}`,
    body: () => ({ name: "a stranger's" }),
    answer: "missing",
  },
  deleteReviewQueue: { path: ({ queue }) => `${queuesPath}/${queue}`, answer: "missing" },
  listReviewItems: { path: ({ queue }) => `${queuesPath}/${queue}/items`, answer: "missing" },
  claimReviewItem: {
    path: ({ queue }) => `${queuesPath}/${queue}/claim`,
    body: () => ({ reviewer: "a stranger" }),
    answer: "missing",
  },
  completeReviewItem: {
    path: ({ queue, item }) => `${queuesPath}/${queue}/items/${item}/complete`,
    body: () => ({ reviewer: "a stranger", scores: [{ name: "quality", value: "0" }] }),
    answer: "missing",
  },
  skipReviewItem: {
    path: ({ queue, item }) => `${queuesPath}/${queue}/items/${item}/skip`,
    body: () => ({ reviewer: "a stranger" }),
    answer: "missing",
  },
  releaseReviewItem: {
    path: ({ queue, item }) => `${queuesPath}/${queue}/items/${item}/release`,
    body: () => ({ reviewer: "secret" }),
    answer: "missing",
  },
  listMetrics: { path: () => ownMetrics, answer: "own" },
  getMetric: { path: ({ metric }) => `${ownMetrics}/${metric}`, answer: "missing" },
  putMetric: {
    path: ({ metric }) => `${ownMetrics}/${metric}`,
    body: () => ({ kind: "no_errors" }),
    answer: "own",
  },
  tryMetric: {
    path: () => `${ownMetrics}/fast/try`,
    body: ({ trace }) => ({ trace_ids: [trace], definition: { kind: "no_errors" } }),
    answer: "missing",
  },
  listMetricVersions: { path: ({ metric }) => `${ownMetrics}/${metric}/versions`, answer: "missing" },
  deleteMetric: { path: ({ metric }) => `${ownMetrics}/${metric}`, answer: "missing" },
  createMonitor: { path: () => monitors, body: () => monitorBody({ name: "a stranger's" }), answer: "own" },
  listMonitors: { path: () => monitors, answer: "own" },
  getMonitor: { path: ({ monitor }) => `${monitors}/${monitor}`, answer: "missing" },
  updateMonitor: {
    path: ({ monitor }) => `${monitors}/${monitor}`,
    body: () => ({ name: "a stranger's" }),
    answer: "missing",
  },
  deleteMonitor: { path: ({ monitor }) => `${monitors}/${monitor}`, answer: "missing" },
  pauseMonitor: { path: ({ monitor }) => `${monitors}/${monitor}/pause`, answer: "missing" },
  resumeMonitor: { path: ({ monitor }) => `${monitors}/${monitor}/resume`, answer: "missing" },
  triggerMonitor: { path: ({ monitor }) => `${monitors}/${monitor}/trigger`, answer: "missing" },
  listMonitorRuns: { path: ({ monitor }) => `${monitors}/${monitor}/runs`, answer: "missing" },
};

const server = useHttpServer();
const database = databaseBehind(server);
const scoped = operations.filter(({ metadata }) => metadata.scope !== null && metadata.project === undefined);
let foreignKey: string;

beforeAll(async () => {
  const pool = testPool(server.current.database.url);
  const db = createDatabase(pool);
  foreignKey = generateApiKey();
  await addApiKey(db, foreignKey, { organization: "another", name: "isolation", expiresAt: null });
  await db.destroy();
});

/** One of each resource, in a project of its own. */
async function belongingsOf(owner: ApiClient): Promise<Belongings> {
  const session = `session-${crypto.randomUUID()}`;
  const span = crypto.randomUUID();
  const trace = await storeTrace(owner, {
    session_id: session,
    user_id: "secret",
    input: "secret",
    spans: [spanBody({ span_id: span, output: "secret", model: "secret" })],
  });
  const { id: score, project_id } = await createScore(owner, trace, { reason: "secret" });
  await owner.patch(`/evaluations/trace-scores/${score}`, { reason: "another secret" });
  const { id: run } = await createRun(owner, { name: "secret" });
  const { id: monitor } = await createMonitor(owner, { name: "secret" });
  const metric = `m-${crypto.randomUUID()}`;
  await owner.send("PUT", `${ownMetrics}/${metric}`, { kind: "latency", max_ms: 1, description: "secret" });
  const { id: sessionRun } = await createRun(
    owner,
    { name: "secret", metrics: ["agent_reliability"] },
    "session-runs",
  );
  const { id: sessionScore } = await storeSessionScore(database, {
    project_id,
    session_id: session,
    reason: "secret",
  });
  await owner.patch(`/evaluations/session-scores/${sessionScore}`, { reason: "another secret" });
  const { id: spanScore } = await createSpanScore(owner, trace, span, { reason: "secret" });
  const reviews = await createQueue(owner, { name: "secret" });
  const { id: item } = await reviews.claimed("secret");
  const ids = {
    project: project_id,
    trace,
    span,
    session,
    score,
    run,
    sessionRun,
    sessionScore,
    spanScore,
    monitor,
    metric,
  };
  return { ...ids, queue: reviews.created.id, item };
}

/** Everything that the owner can see. */
async function everything(
  owner: ApiClient,
  { trace, session, score, run, sessionRun, sessionScore, monitor, metric, queue }: Belongings,
): Promise<unknown[]> {
  const paths = [
    "/traces",
    `/traces/${trace}`,
    "/sessions",
    `/sessions/${session}`,
    "/evaluations/trace-runs",
  ];
  const more = [
    `/evaluations/trace-runs/${run}`,
    "/evaluations/trace-scores",
    "/evaluations/session-runs",
    `/evaluations/session-runs/${sessionRun}`,
    `/evaluations/trace-scores/${score}/revisions`,
    `/evaluations/session-scores/${session}`,
    `/evaluations/session-scores/${sessionScore}/revisions`,
    "/evaluations/span-scores",
    `${ownMetrics}/${metric}`,
    `${ownMetrics}/${metric}/versions`,
    monitors,
    `${monitors}/${monitor}`,
    `${monitors}/${monitor}/runs`,
    queuesPath,
    `${queuesPath}/${queue}`,
    `${queuesPath}/${queue}/items`,
  ];
  return Promise.all([...paths, ...more].map(async (path) => (await owner.get(path)).body));
}

/** A digest of the rows of a project in each table that has some. */
type Rows = Readonly<Record<string, string>>;

let digests: { query: string }[] | undefined;

/** What is stored in the owner's project, whether or not a request shows it. */
async function rowsOf({ project }: Belongings): Promise<Rows> {
  digests ??= (await database.run(
    `select string_agg(format('select %L as name, md5(string_agg(t::text, '' '' order by t::text)) as digest
        from %I t where project_id = $1', table_name, table_name), ' union all ') as query
     from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_schema = 'public' and column_name = 'project_id' and table_type = 'BASE TABLE'`,
  )) as { query: string }[];
  const rows = await database.run(digests[0]?.query ?? "", [project]);
  return Object.fromEntries(
    (rows as { name: string; digest: string | null }[]).flatMap(({ name, digest }) =>
      digest === null ? [] : [[name, digest]],
    ),
  );
}

function expectNothing(answer: Answer<unknown>, expected: Attempt["answer"]): void {
  expect(JSON.stringify(answer.body)).not.toContain("secret");
  if (expected === "missing") expectProblem(answer, "not_found");
  if (expected !== "empty") return;
  expect(answer.status).toBe(200);
  expect(Array.isArray(answer.body) ? answer.body : (answer.body as { items: unknown[] }).items).toEqual([]);
}

test("every operation that needs credentials is tested", () => {
  expect(Object.keys(attempts).sort()).toEqual(scoped.map(({ id }) => id).sort());
});

describe.each([
  ["another project", (owner: ApiClient) => owner.as({ project: newProject() })],
  ["another project that has things of its own", (owner: ApiClient) => owner.as({ project: "busy" })],
  [
    "the project of the same name in another organization",
    (owner: ApiClient) => owner.as({ apiKey: foreignKey }),
  ],
])("from %s", (_, strangerTo) => {
  let owner: ApiClient;
  let theirs: Belongings;
  let visible: unknown[];
  let stored: Rows;

  beforeAll(async () => {
    owner = server.project();
    theirs = await belongingsOf(owner);
    visible = await everything(owner, theirs);
    stored = await rowsOf(theirs);
    expect(Object.keys(stored)).toEqual(
      expect.arrayContaining(["spans", "span_scores", "review_items", "monitors"]),
    );
  });

  // A stranger may use the same ids for resources of its own, which another test must not find: those come last.
  const isOwnWrite = ({ id, method }: Operation) => attempts[id]?.answer === "own" && method !== "GET";
  const inOrder = scoped.toSorted((a, b) => Number(isOwnWrite(a)) - Number(isOwnWrite(b)));

  test.each(inOrder)("$id reaches nothing", async ({ id, method }) => {
    const attempt = attempts[id];
    if (attempt === undefined) throw new Error(`${id} is not tried.`);
    const stranger = strangerTo(owner);
    if (attempt.answer !== "empty") await storeTrace(stranger, { name: "the stranger's own" });
    expectNothing(await stranger.send(method, attempt.path(theirs), attempt.body?.(theirs)), attempt.answer);
    if (method !== "GET") expect(await rowsOf(theirs)).toEqual(stored);
  });

  test("what the owner sees is as before, also after reading", async () => {
    const stranger = strangerTo(owner);
    for (const { id, method } of scoped) {
      const attempt = attempts[id];
      if (method !== "GET" || attempt === undefined) continue;
      const answer = await stranger.get(attempt.path(theirs));
      expect(JSON.stringify(answer.body), id).not.toContain("secret");
    }
    expect(await everything(owner, theirs)).toEqual(visible);
  });
});

describe("without credentials", () => {
  let theirs: Belongings;

  beforeAll(async () => {
    theirs = await belongingsOf(server.project());
  });

  test.each(scoped)("$id is refused before anything else is checked", async ({ method, id }) => {
    const attempt = attempts[id];
    const response = await fetch(server.current.url + (attempt?.path(theirs) ?? ""), { method });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: "missing_credentials" });
  });
});
