/** @module-tag slow */
import { describe, expect, test } from "vitest";
import { readTrace, spanBody, storeTrace } from "../support/traces.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createScore, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const limit = 10 * 1024 * 1024;
/** Enough for more values than a body may have. */
const lowerLimit = 2 * 1024 * 1024;
const smaller = useHttpServer({ environment: { BODY_LIMIT_BYTES: String(lowerLimit) } });
const json = { "content-type": "application/json" };

/** A body of exactly this length; `filler` pads it. */
function bodyOf(length: number, text: (filler: string) => string): string {
  return text("x".repeat(length - Buffer.byteLength(text(""))));
}

/** As many items as fit below the lower limit. */
function full(start: string, item: string, end: string): string {
  const count = Math.floor((lowerLimit - start.length - end.length) / (item.length + 1));
  return `${start}${Array(count).fill(item).join(",")}${end}`;
}

const trace = (fields: string) => `{"name": "x", "started_at": "2026-03-01", ${fields}}`;

describe("a body of ten megabytes", () => {
  test("is stored, to the byte", async () => {
    const api = server.project();
    const text = bodyOf(limit, (filler) => trace(`"input": "${filler}"`));
    const { status, body } = await api.sendRaw<{ trace_id: string }>("POST", "/traces", text, json);
    expect(status).toBe(202);
    const { input } = await readTrace(api, body.trace_id);
    expect(String(input).length).toBe((JSON.parse(text) as { input: string }).input.length);
  });

  test("plus one byte is refused", async () => {
    const text = bodyOf(limit + 1, (filler) => trace(`"input": "${filler}"`));
    expectProblem(await server.project().sendRaw("POST", "/traces", text, json), "body_too_large");
  });

  test("and much more is refused, and the next request works", async () => {
    const api = server.project();
    const text = bodyOf(5 * limit, (filler) => trace(`"input": "${filler}"`));
    // The server need not read a refused body to its end, so the connection may close while the client sends.
    const answer = await api.sendRaw("POST", "/traces", text, json).catch(() => undefined);
    if (answer !== undefined) expectProblem(answer, "body_too_large");
    expect((await api.get("/traces")).body).toMatchObject({ total: 0 });
  });

  test("may be spread over 500 spans", async () => {
    const api = server.project();
    const spans = Array.from({ length: 500 }, (_, n) =>
      spanBody({ name: `${n}`, output: "x".repeat(20_000) }),
    );
    const id = await storeTrace(api, { spans });
    expect((await readTrace(api, id)).spans).toHaveLength(500);
    await storeTrace(api, { trace_id: id, spans: spans.slice(0, 10) });
    expect((await readTrace(api, id)).spans).toHaveLength(510);
  });

  test("may be a score's reason, whose beginning is kept", async () => {
    const api = server.project();
    const score = await createScore(api, await storeTrace(api), { reason: "r".repeat(5_000_000) });
    expect(score.reason).toMatch(/^r{99000,}… \[cut: /);
    const patched = await api.patch(`/evaluations/trace-scores/${score.id}`, {
      reason: "x".repeat(10_000_000),
    });
    expect(patched.status).toBe(200);
  });
});

describe("a body as large as may be", () => {
  test.each([
    ["metadata", '"metadata": {"x": "', '"}'],
    ["a span's output", '"spans": [{"name": "s", "started_at": "2026-03-01", "output": "', '"}]'],
    ["a span's error", '"spans": [{"name": "s", "started_at": "2026-03-01", "error": "', '"}]'],
    ["an unknown key", '"color": "', '"'],
    ["U+0000", '"input": "\\u0000\\ud800', '"'],
  ])("may be one value: %s", async (_, start, end) => {
    const api = smaller.project();
    const text = bodyOf(lowerLimit, (filler) => trace(start + filler + end));
    expect((await api.sendRaw("POST", "/traces", text, json)).status).toBe(202);
    expect((await api.get("/traces")).body).toMatchObject({ total: 1 });
  });

  test.each([
    ["numbers", '"input": [', "0", "]"],
    ["empty objects", '"metadata": {"a": [', "{}", "]}"],
    ["empty arrays", '"output": [', "[]", "]"],
    ["escapes", '"input": [', '"\\u0000"', "]"],
  ])("of millions of values is not parsed: %s", async (_, start, item, end) => {
    const api = smaller.project();
    const text = full(`{"name": "x", "started_at": "2026-03-01", ${start}`, item, `${end}}`);
    expectProblem(await api.sendRaw("POST", "/traces", text, json), "body_too_large", {
      detail: /200000 JSON values/,
    });
  });

  test.each([
    ["a trace's name", "POST", "/traces", `{"started_at": "2026-03-01", "name": "`, '"}'],
    ["a session's id", "POST", "/traces", trace('"session_id": "').slice(0, -1), '"}'],
    ["a date", "POST", "/traces", '{"name": "x", "started_at": "2026-03-01T00:00:00.', '"}'],
    ["an id", "POST", "/traces", trace('"trace_id": "').slice(0, -1), '"}'],
    ["a tag", "POST", "/traces", trace('"tags": ["').slice(0, -1), '"]}'],
    ["a metric", "POST", "/evaluations/trace-runs", '{"metrics": ["', '"]}'],
    ["a model", "POST", "/evaluations/trace-runs", '{"metrics": ["coherence"], "model": "', '"}'],
    ["a status", "POST", "/traces", trace('"status": "').slice(0, -1), '"}'],
    [
      "a score's value",
      "POST",
      "/evaluations/trace-scores",
      `{"trace_id": "${unknownId}", "name": "x", "value": "0.`,
      '"}',
    ],
    [
      "a threshold",
      "POST",
      "/evaluations/trace-runs",
      '{"metrics": ["coherence"], "thresholds": {"',
      '": 5}}',
    ],
    ["an unknown field", "PATCH", `/evaluations/trace-scores/${unknownId}`, '{"value": "1", "', '": 1}'],
  ])("is refused in a field that is limited: %s", async (_, method, path, start, end) => {
    const text = bodyOf(lowerLimit, (filler) => start + filler + end);
    const answer = await smaller.project().sendRaw(method, path, text, json);
    expectProblem(answer, "validation_error");
    expect(JSON.stringify(answer.body).length).toBeLessThan(10_000);
  });

  test.each([
    ["a filter", '{"metrics": ["coherence"], "filters": {"', '": 1}}', "invalid_filters"],
    ["a filter's date", '{"metrics": ["coherence"], "filters": {"date_from": "', '"}}', "invalid_filters"],
    ["a filter's value", '{"metrics": ["coherence"], "filters": {"name": "', '"}}', "validation_error"],
  ] as const)("is not quoted whole: %s", async (_, start, end, code) => {
    const text = bodyOf(lowerLimit, (filler) => start + filler + end);
    const answer = await smaller.project().sendRaw("POST", "/evaluations/trace-runs", text, json);
    expectProblem(answer, code);
    expect(JSON.stringify(answer.body).length).toBeLessThan(10_000);
  });

  test.each([
    ["metrics", "POST", "/evaluations/trace-runs", '{"metrics": [', "0", "]}"],
    ["null metrics", "POST", "/evaluations/trace-runs", '{"metrics": [', "{}", "]}"],
    ["tags", "POST", "/traces", trace('"tags": [').slice(0, -1), "0", "]}"],
    ["spans", "POST", "/traces", trace('"spans": [').slice(0, -1), "0", "]}"],
    [
      "trace ids",
      "POST",
      "/evaluations/trace-runs/batch",
      '{"metrics": ["coherence"], "trace_ids": [',
      "0",
      "]}",
    ],
  ])("may contain very many wrong values: %s", async (_, method, path, start, item, end) => {
    const answer = await smaller
      .project()
      .sendRaw(method, path, `${start}${Array(150_000).fill(item).join(",")}${end}`, json);
    expectProblem(answer, "validation_error");
    expect(JSON.stringify(answer.body).length).toBeLessThan(50_000);
  });

  test("may contain very many unknown filters", async () => {
    const keys = Array.from({ length: 150_000 }, (_, n) => `"k${n}":0`).join(",");
    const text = `{"metrics": ["coherence"], "filters": {${keys}}}`;
    const answer = await smaller.project().sendRaw("POST", "/evaluations/trace-runs", text, json);
    expectProblem(answer, "invalid_filters");
    expect(JSON.stringify(answer.body).length).toBeLessThan(50_000);
  });
});
