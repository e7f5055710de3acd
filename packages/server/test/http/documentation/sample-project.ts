import type { EvalRunResponse, TraceScoreResponse } from "@pandaprobe/contract";
import type { ApiClient } from "../../support/api-client.ts";
import { storeTrace } from "../../support/traces.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { operations } from "../support/operations.ts";
import { createScore } from "../support/samples.ts";
import { runStatuses } from "./trace-endpoints.ts";

type Row = Readonly<Record<string, unknown>>;
type RunSql = (statement: string, values: unknown[]) => Promise<unknown>;

/** A project with the traces and sessions that the page's examples name, and their runs and scores. */
export interface SampleProject {
  readonly api: ApiClient;
  /** The parameters of an endpoint's path. What the endpoint deletes or retries is created for each call. */
  idsFor(endpoint: string): Promise<Readonly<Record<string, string>>>;
}

const traces = [
  { trace_id: "11111111-1111-1111-1111-111111111111", session_id: "session-abc-123" },
  { trace_id: "22222222-2222-2222-2222-222222222222", session_id: "session-abc-123" },
  { trace_id: "33333333-3333-3333-3333-333333333333", session_id: "session-abc-123" },
  { session_id: "session-def-456", status: "ERROR", tags: ["staging"] },
  { status: "PENDING", tags: ["staging"] },
  { status: "RUNNING", tags: ["staging"] },
];

/** Whether the contract has session runs. */
const hasSessionRuns = operations.some(({ id }) => id === "createSessionRun");

export async function makeSampleProject(api: ApiClient, run: RunSql): Promise<SampleProject> {
  for (const [n, trace] of traces.entries()) {
    await storeTrace(api, {
      name: "answer a question",
      input: `What is ${n} plus ${n}?`,
      output: `It is ${n + n}.`,
      started_at: `2026-03-1${n}T09:00:00Z`,
      status: "COMPLETED",
      tags: ["production"],
      user_id: "user-1",
      environment: "production",
      ...trace,
    });
  }
  const [{ trace_id: trace = "" } = {}] = traces;
  await createScore(api, trace);
  await createScore(api, trace, {
    data_type: "BOOLEAN",
    value: "true",
    source: "PROGRAMMATIC",
    name: "polite",
  });
  await createScore(api, trace, { data_type: "CATEGORICAL", value: "PASS", name: "verdict" });
  for (const status of ["PENDING", "FAILED"]) {
    const { id } = await createScore(api, trace, { name: "quality" });
    await run("update trace_scores set status = $2 where id = $1", [id, status]);
  }
  const kinds = hasSessionRuns ? (["trace", "session"] as const) : (["trace"] as const);
  const runs: Record<string, EvalRunResponse> = {};
  for (const kind of kinds) {
    for (const status of runStatuses) {
      const { id } = await startRun(api, kind, { sampling_rate: 0 });
      await run("update eval_runs set status = $2 where id = $1", [id, status]);
    }
    runs[kind] = await ended(api, kind, await startRun(api, kind, {}));
  }
  return {
    api,
    async idsFor(endpoint) {
      const kind = endpoint.includes("session-") ? "session" : "trace";
      const shared = { trace_id: trace, session_id: "session-abc-123", run_id: runs[kind]?.id ?? "" };
      if (endpoint.includes("{score_id}")) {
        const of =
          kind === "trace" ? createScore(api, trace) : oneScore(api, kind, await freshRun(api, kind));
        return { ...shared, score_id: (await of).id };
      }
      if (!/DELETE|retry/.test(endpoint) || !endpoint.includes("{run_id}")) return shared;
      const fresh = await freshRun(api, kind);
      if (endpoint.includes("retry")) {
        const { id } = await oneScore(api, kind, fresh);
        await api.delete(`/evaluations/${kind}-scores/${id}`);
      }
      return { ...shared, run_id: fresh.id };
    },
  };
}

const minimal = {
  trace: { metrics: ["task_completion"], filters: { status: "COMPLETED" } },
  session: { metrics: ["agent_reliability"] },
};
type Kind = keyof typeof minimal;

async function startRun(api: ApiClient, kind: Kind, fields: object): Promise<EvalRunResponse> {
  const body = { ...minimal[kind], ...fields };
  const { body: run, status } = await api.post<EvalRunResponse>(`/evaluations/${kind}-runs`, body);
  if (status !== 202) throw new Error(JSON.stringify(run));
  return run;
}

async function ended(api: ApiClient, kind: Kind, { id }: EvalRunResponse): Promise<EvalRunResponse> {
  return waitUntil(async () => {
    const { body } = await api.get<EvalRunResponse>(`/evaluations/${kind}-runs/${id}`);
    return body.completed_at !== null && body;
  });
}

async function freshRun(api: ApiClient, kind: Kind): Promise<EvalRunResponse> {
  return ended(api, kind, await startRun(api, kind, {}));
}

async function oneScore(api: ApiClient, kind: Kind, { id }: EvalRunResponse): Promise<TraceScoreResponse> {
  const { body } = await api.get<TraceScoreResponse[]>(`/evaluations/${kind}-runs/${id}/scores`);
  const [score] = body;
  if (score === undefined) throw new Error(`The ${kind} run ${id} has no score.`);
  return score;
}

/** The items of a list, wrapped or bare. */
export function itemsOf(body: unknown): Row[] {
  return (Array.isArray(body) ? body : (body as { items: Row[] }).items) as Row[];
}
