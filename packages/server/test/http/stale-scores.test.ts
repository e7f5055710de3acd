import type { TraceScoreResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { createRun, endedRun } from "../support/run-helpers.ts";
import { spanBody, storeTrace, traceBody } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { createScore } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer({ role: "all" });
const database = databaseBehind(server);

async function isStale(api: ApiClient, traceId: string): Promise<boolean | undefined> {
  return (await api.get<TraceScoreResponse[]>(`/evaluations/trace-scores/${traceId}`)).body[0]?.stale;
}

const ids = [1, 2, 3, 4].map((n) => `aaaaaaaa-0000-4000-8000-00000000000${n}`);
const spans = ids.map((span_id, n) =>
  spanBody({ span_id, name: `step ${n}`, input: { n }, metadata: { "tool.name": "search" }, error: null }),
);

describe("a score", () => {
  test("is not stale, in whatever parts and order the trace arrived and is sent again", async () => {
    const api = server.project();
    const trace_id = crypto.randomUUID();
    const send = (fields: object) => storeTrace(api, { trace_id, input: "Hi", output: "Ho", ...fields });
    await send({ spans: [spans[2]] });
    await api.post(`/traces/${trace_id}/spans`, [spans[0], spans[3]]);
    await send({ spans: [{ ...spans[1], output: "early" }, spans[1]] });
    await createScore(api, trace_id);
    await send({ spans: [spans[3], spans[1]] });
    await send({ spans: spans.toReversed() });
    expect(await isStale(api, trace_id)).toBe(false);

    // Stored at once, the same spans have the same hash.
    const other = await storeTrace(api, {
      input: "Hi",
      output: "Ho",
      spans: [spans[0], { ...spans[1], output: "early" }, ...spans.slice(2)],
    });
    const hashes = await database.run(
      "select distinct content_hash::text from traces where trace_id = any($1::uuid[])",
      [[trace_id, other]],
    );
    expect(hashes).toHaveLength(1);
  });

  test("of a trace that is written by many at once is right in the end", async () => {
    const api = server.project();
    const trace_id = await storeTrace(api, { spans });
    await createScore(api, trace_id);
    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        api.patch(`/traces/${trace_id}/spans/${ids[n % 4]}`, { output: `answer ${n}` }),
      ),
    );
    expect(await isStale(api, trace_id)).toBe(true);
    for (const id of ids) await api.patch(`/traces/${trace_id}/spans/${id}`, { output: null });
    expect(await isStale(api, trace_id)).toBe(false);
  });

  test("of a run is stale if the trace changed after the judge had read it", async () => {
    const api = server.project();
    const trace_id = await storeTrace(api, { input: "Hi", output: "Ho", spans });
    const run = await createRun(api, { metrics: ["confidence"] });
    await endedRun(api, run.id);
    expect(await isStale(api, trace_id)).toBe(false);
    await api.patch(`/traces/${trace_id}/spans/${ids[0]}`, { status: "ERROR" });
    expect(await isStale(api, trace_id)).toBe(true);
    expect(
      (await api.get<TraceScoreResponse[]>(`/evaluations/trace-runs/${run.id}/scores`)).body,
    ).toMatchObject([{ stale: true }]);
  });

  test("from before this was measured is never stale", async () => {
    const api = server.project();
    const trace_id = await storeTrace(api);
    const { id } = await createScore(api, trace_id);
    await database.run("update trace_scores set content_hash = null where id = $1", [id]);
    await storeTrace(api, { trace_id, output: "else" });
    expect(await isStale(api, trace_id)).toBe(false);
  });

  test.each([
    ["stores", { status: "ERROR" }],
    ["changes", { output: [1] }],
  ])("is stale after an older server %s its trace", async (_, fields) => {
    const api = server.project();
    const trace_id = await storeTrace(api);
    await createScore(api, trace_id);
    const [[column, value] = ["", ""]] = Object.entries(traceBody(fields)).slice(-1);
    await database.run(`update traces set ${column} = $1 where trace_id = $2`, [
      typeof value === "string" ? value : JSON.stringify(value),
      trace_id,
    ]);
    expect(await isStale(api, trace_id)).toBe(true);
  });
});
