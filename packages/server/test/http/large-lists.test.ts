import type {
  EvalRunPage,
  TraceScorePage,
  TraceScoreResponse,
  TraceScoreRevision,
} from "@pandaprobe/contract";
import { expect, test } from "vitest";
import { createRun } from "../support/run-helpers.ts";
import { storeTrace } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { createScore } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);

test("a page of large runs is complete and in order, at any offset", async () => {
  const api = server.project();
  await storeTrace(api);
  const ids: string[] = [];
  for (let n = 0; n < 7; n += 1) ids.unshift((await createRun(api, { name: `run ${n}` })).id);
  await database.run("update eval_runs set name = name || repeat('x', 400000) where id = any($1)", [
    ids.slice(1),
  ]);
  const list = async (query: string) => (await api.get<EvalRunPage>(`/evaluations/trace-runs?${query}`)).body;
  const all = await list("limit=200");
  expect(all).toMatchObject({ total: 7, limit: 200, offset: 0 });
  expect(all.items.map(({ id }) => id)).toEqual(ids);
  expect(all.items[6]?.name).toHaveLength(400_005);
  expect((await list("limit=5&offset=2")).items).toEqual(all.items.slice(2));
  expect(await list("limit=5&offset=9")).toEqual({ items: [], total: 7, limit: 5, offset: 9 });
});

test("large scores are complete: in a page, as the latest of a trace, and in revisions", async () => {
  const api = server.project();
  const id = await storeTrace(api);
  const metadata = { m: "m".repeat(700_000) };
  const made: TraceScoreResponse[] = [];
  for (const name of ["a", "b", "c", "d"]) made.unshift(await createScore(api, id, { name, metadata }));
  const page = await api.get<TraceScorePage>(`/evaluations/trace-scores?trace_id=${id}`);
  expect(page.body).toMatchObject({ total: 4, limit: 50, offset: 0 });
  expect(page.body.items).toEqual(made);
  const latest = await api.get<TraceScoreResponse[]>(`/evaluations/trace-scores/${id}`);
  expect(latest.body).toEqual(made.toReversed());
  const path = `/evaluations/trace-scores/${made[0]?.id}`;
  for (const value of ["0.1", "0.2", "0.3"]) await api.patch(path, { value, metadata });
  const revisions = await api.get<TraceScoreRevision[]>(`${path}/revisions`);
  expect(revisions.body.map(({ revision, value }) => [revision, value])).toEqual([
    [1, "0.9"],
    [2, "0.1"],
    [3, "0.2"],
  ]);
});
