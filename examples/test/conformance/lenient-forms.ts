import type { EvalRunResponse, MonitorResponse, TraceResponse, TraceScoreResponse } from "@pandaprobe/sdk";
import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { judge, model, storeTrace } from "./samples.ts";
import type { Behaviour, RawRequest, Side } from "./side.ts";

const id = "0198c0de-7abc-7def-8123-456789abcdef";
const bare = id.replaceAll("-", "");
const scores = "/evaluations/trace-scores";

type Client = ReturnType<Side["client"]>;

async function sent<Body>(side: Side, client: Client, request: RawRequest): Promise<Body> {
  const { status, body } = await side.send(request, client);
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body as Body;
}

/** An id that JavaScript's numbers would round. */
const order = "725653563933458432";

/** Forms that clients in other languages write naturally. Only the canonical form is stored and returned. */
export const lenientForms: readonly Behaviour[] = [
  {
    name: "keeps the digits of large integers in contents of traces, spans and scores",
    async check(side) {
      const client = side.client();
      const content = `{"order": ${order}, "of": [{"n": -${order}}], "text": "${order} \\" ${order}", "a": 0.8571428571428571}`;
      const kept = { order, of: [{ n: `-${order}` }], text: `${order} " ${order}`, a: 0.8571428571428571 };
      const contents = `"input": ${content}, "output": ${order}, "metadata": ${content}`;
      const span = `{"span_id": "${id}", "name": "s", "started_at": 1772357400, ${contents}, "kind": "TOOL",
        "model_parameters": {"seed": ${order}}, "token_usage": {"prompt_tokens": 9007199254740993}}`;
      const trace = `{"trace_id": "${id}", "name": "a", "started_at": 1772357400, ${contents}, "spans": [${span}]}`;
      const inContents = { input: kept, output: order, metadata: kept };
      const inSpan = { ...inContents, model_parameters: { seed: order } };
      const whole = { ...inContents, total_tokens: Number.MAX_SAFE_INTEGER, spans: [inSpan] };
      for (const [method, path, body] of [
        ["POST", "/traces", trace],
        ["POST", "/traces/batch", `{"traces": [${trace}]}`],
        ["POST", `/traces/${id}/spans`, `[${span}]`],
        ["PATCH", `/traces/${id}`, `{${contents}}`],
        ["PATCH", `/traces/${id}/spans/${id}`, `{${contents}}`],
      ] as const) {
        await sent(side, client, { method, path, body });
        expect(await client.getTrace(id)).toMatchObject(whole);
      }
      const score = `{"trace_id": "${id}", "name": "tone", "value": "1", "data_type": "NUMERIC", "metadata": {"id": ${order}}}`;
      expect(await sent(side, client, { method: "POST", path: scores, body: score })).toMatchObject({
        metadata: { id: order },
      });
    },
  },
  {
    name: "reads ids, dates and costs in other forms in the body of a trace",
    async check(side) {
      const client = side.client();
      const body = {
        trace_id: `urn:uuid:${id.toUpperCase()}`,
        name: "a",
        started_at: 1_772_357_400,
        ended_at: "2026-03-01T10:30:01+0100",
        spans: [
          {
            span_id: `{${id}}`,
            name: "s",
            started_at: 1_772_357_400_250,
            completion_start_time: "1772357400.5",
            cost: { input: "0.000125", output: null, cached: 1e-5 },
          },
        ],
      };
      expect(await sent(side, client, { method: "POST", path: "/traces/", body })).toMatchObject({
        trace_id: id,
      });
      const trace = await sent<TraceResponse>(side, client, { method: "GET", path: `/traces/${bare}/` });
      expect(trace).toMatchObject({
        trace_id: id,
        started_at: "2026-03-01T09:30:00.000Z",
        ended_at: "2026-03-01T09:30:01.000Z",
        spans: [
          {
            span_id: id,
            started_at: "2026-03-01T09:30:00.250Z",
            completion_start_time: "2026-03-01T09:30:00.500Z",
            cost: { input: 0.000125, cached: 1e-5 },
          },
        ],
      });
      const changed = await sent(side, client, {
        method: "PATCH",
        path: `/traces/%7B${id}%7D/spans/${bare}`,
        body: { cost: { total: "0.5" } },
      });
      expect(changed).toMatchObject({ span_id: id, cost: { total: 0.5 } });
    },
  },
  {
    name: "reads ids, dates and booleans in other forms in a query",
    async check(side) {
      const client = side.client();
      const trace = await storeTrace(client, { session_id: "s", status: "ERROR" });
      await client.createTraceScore({ trace_id: trace, name: "quality", value: "1" });
      const total = async (path: string) =>
        (await sent<{ total: number }>(side, client, { method: "GET", path })).total;
      expect(await total("/traces?started_after=1772355600")).toBe(1);
      expect(await total("/traces?started_after=1772355600001")).toBe(0);
      expect(await total("/traces?started_after=2026-03-01T10:00:00%2B0100")).toBe(1);
      expect(await total(`${scores}?trace_id=%7B${trace.toUpperCase()}%7D`)).toBe(1);
      for (const yes of ["True", "1", "TRUE"]) expect(await total(`/sessions?has_error=${yes}`)).toBe(1);
      for (const no of ["False", "0"]) expect(await total(`/sessions?has_error=${no}`)).toBe(0);
    },
  },
  {
    name: "stores the value of a score in its canonical form",
    async check(side) {
      const client = side.client();
      const trace_id = await storeTrace(client);
      const create = (fields: object) =>
        sent<TraceScoreResponse>(side, client, {
          method: "POST",
          path: scores,
          body: { trace_id, name: "quality", ...fields },
        });
      const small = await create({ value: "1e-05" });
      expect(small.value).toBe("0.00001");
      expect(await create({ value: "True", data_type: "BOOLEAN" })).toMatchObject({ value: "true" });
      expect(await client.updateTraceScore(small.id, { value: "7.5E-1" })).toMatchObject({ value: "0.75" });
    },
  },
  {
    name: "reads numbers, booleans and dates in other forms in the settings of runs and monitors",
    async check(side) {
      const client = side.client();
      await storeTrace(client);
      const run = await sent<EvalRunResponse>(side, client, {
        method: "POST",
        path: "/evaluations/trace-runs",
        body: {
          metrics: ["coherence"],
          model,
          sampling_rate: "0.5",
          thresholds: { coherence: "0.7" },
          filters: { date_from: 1_772_355_600, date_to: "2026-03-02" },
        },
      });
      expect(run).toMatchObject({
        sampling_rate: 0.5,
        filters: { date_from: "2026-03-01T09:00:00.000Z", date_to: "2026-03-02" },
      });
      const monitor = {
        name: "m",
        target_type: "SESSION",
        metrics: ["agent_reliability"],
        sampling_rate: "1",
        model,
        only_if_changed: "False",
        filters: { has_error: "True", min_trace_count: "2", date_from: "2026-03-01T00:00:00+0000" },
        signal_weights: { coherence: "0.5" },
        cadence: "@daily",
      };
      const created = await sent<MonitorResponse>(side, client, {
        method: "POST",
        path: "/evaluations/monitors",
        body: monitor,
      });
      expect(created).toMatchObject({
        sampling_rate: 1,
        only_if_changed: false,
        filters: {
          has_error: true,
          min_trace_count: 2,
          date_from: "2026-03-01T00:00:00.000Z",
          signal_weights: { coherence: 0.5 },
        },
        cadence: "cron:0 0 * * *",
      });
      for (const [cadence, stored] of [
        ["cron:@hourly", "cron:0 * * * *"],
        ["@weekly", "cron:0 0 * * 0"],
        ["@monthly", "cron:0 0 1 * *"],
      ] as const) {
        expect(await client.updateMonitor(created.id, { cadence })).toMatchObject({ cadence: stored });
      }
      await expectRefusal(client.updateMonitor(created.id, { cadence: "@reboot" }), 400, "invalid_cadence");
    },
  },
  {
    name: "changes the reason of a failed score, which keeps no value",
    async check(side) {
      const client = side.client();
      const trace_ids = [await storeTrace(client)];
      side.setJudgeBroken(true);
      const { scores: failed } = await client.evaluateTraces({
        trace_ids,
        metrics: ["task_completion"],
        model: judge,
      });
      side.setJudgeBroken(false);
      const { id: scoreId = "" } = failed[0] ?? {};
      expect(
        await client.updateTraceScore(scoreId, { value: null, reason: "The judge was down." }),
      ).toMatchObject({ value: null, status: "FAILED", source: "ANNOTATION", reason: "The judge was down." });
      await expectRefusal(client.updateTraceScore(scoreId, { reason: "again" }), 422, "validation_error");
      expect(await client.updateTraceScore(scoreId, { value: "1" })).toMatchObject({ status: "SUCCESS" });
      await expectRefusal(client.updateTraceScore(scoreId, { value: null }), 422, "validation_error");
    },
  },
  {
    name: "refuses a method that a path does not have, and names those that it has",
    async check(side) {
      for (const [method, path, allow] of [
        ["PUT", "/traces", "GET, HEAD, POST"],
        ["PUT", `/traces/${id}/`, "DELETE, GET, HEAD, PATCH"],
        ["QUERY", "/evaluations/monitors", "GET, HEAD, POST"],
      ] as const) {
        const { status, headers, body } = await side.send({ method, path });
        expect([status, headers.get("allow")]).toEqual([405, allow]);
        expect(body).toMatchObject({ code: "method_not_allowed" });
      }
      expect((await side.send({ method: "PUT", path: "/nothing" })).status).toBe(404);
    },
  },
];
