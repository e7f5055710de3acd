import {
  isConnectionError,
  isNotFoundError,
  isPandaProbeError,
  isTimeoutError,
  NotFoundError,
  PandaProbe,
  ValidationError,
} from "@pandaprobe/sdk";
import { toTraces } from "@pandaprobe/sdk/otel";
import { PandaProbe as Sender } from "@pandaprobe/sdk/traces";
import { isResponseValidationError, validateResponses } from "@pandaprobe/sdk/validate";
import { equal, ok, rejected, rejects } from "./assertions.ts";
import { attemptAll, type Outcome } from "./outcome.ts";

/*
 * What the SDK promises in every runtime. Nothing here depends on Node.js or on a test runner. The server is in
 * `scripted-api.ts`.
 */

const apiKey = "sk_pp_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const runId = "33333333-3333-3333-3333-333333333333";
/** Its stream breaks off once. */
const streamedRunId = "55555555-5555-5555-5555-555555555555";

/** Runs all cases against a server. */
export function runSuite(endpoint: string): Promise<Outcome[]> {
  return attemptAll(cases, (attempt) =>
    attempt(new PandaProbe({ endpoint, apiKey, projectName: "my-agent" }), endpoint),
  );
}

const cases: Readonly<Record<string, (client: PandaProbe, endpoint: string) => Promise<void>>> = {
  "a call sends its headers and body, and returns the response": async (client) => {
    const trace = {
      name: "Grüße 日本語 🐼",
      started_at: "2026-03-01T10:00:00Z",
      input: { a: [1, null, "\u2028"] },
    };
    const call = client.createTrace(trace, { headers: { "x-mine": "b" } });
    const { data, status, headers, requestId } = await call.withResponse();
    equal(status, 202);
    equal(requestId, "req-createTrace");
    equal(headers.get("x-request-id"), requestId);
    const seen = JSON.parse(data.task_id);
    equal(JSON.parse(seen.body), trace);
    equal(seen.headers["x-project-name"], "my-agent");
    equal(seen.headers["x-mine"], "b");
    equal(seen.headers["content-type"], "application/json");
  },

  "an id is encoded in the path, whatever it contains": async (client) => {
    const id = "ä/ö?x=1#%2e 🐼&;";
    equal((await client.getTrace(id)).name, id);
    await rejects(async () => client.getTrace(".."), TypeError);
  },

  "a deletion returns nothing": async (client) => {
    equal(await client.deleteTrace("a"), undefined);
  },

  "an error has a class, a guard, and the server's problem": async (client) => {
    const error = await rejected(client.getTrace("missing"));
    ok(error instanceof NotFoundError && error instanceof Error, "a NotFoundError");
    ok(isNotFoundError(error) && isPandaProbeError(error), "known to its guards");
    ok(
      [isTimeoutError, isConnectionError].every((is) => !is(error)),
      "unknown to others",
    );
    equal(
      [error.name, error.status, error.code, error.requestId],
      ["NotFoundError", 404, "not_found", "req-1"],
    );
    const invalid = await rejected(client.createTrace({ name: "refused", started_at: "2026-03-01" }));
    ok(invalid instanceof ValidationError, "a ValidationError");
    equal(invalid.errors?.[0]?.loc, ["body", "name"]);
  },

  "a call is retried with one idempotency key, after errors and lost connections": async (client) => {
    const { name } = await client.createTraceRun({ metrics: ["task_completion"] });
    const keys = new Set(String(name).split(" "));
    equal(keys.size, 1);
    ok(
      [...keys].every((key) => key.length >= 20),
      "a key that is long enough to be unique",
    );
  },

  "a rate limit is waited out as long as the server asks": async (client) => {
    const startedAt = Date.now();
    equal(await client.listSessionMetrics(), []);
    ok(Date.now() - startedAt >= 950, `a second, not ${Date.now() - startedAt} ms`);
  },

  "a call that is not answered times out": async (client, endpoint) => {
    const error = await rejected(client.getTrace("hangs", { timeoutMs: 300, retries: 0 }));
    ok(isTimeoutError(error), `a TimeoutError, not ${error}`);
    ok(error.message.includes(new URL(endpoint).host), "it names the server");
  },

  "a signal ends a call with its reason": async (client) => {
    const reason = new Error("Enough.");
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 200);
    equal(await rejected(client.getTrace("hangs", { signal: controller.signal })), reason);
  },

  "an unreachable server is a ConnectionError that names the endpoint": async (client) => {
    const unreachable = client.withOptions({ endpoint: "http://127.0.0.1:9/unreachable", retries: 0 });
    const error = await rejected(unreachable.listTraceMetrics());
    ok(isConnectionError(error), `a ConnectionError, not ${error}`);
    ok(error.message.includes("127.0.0.1:9"), error.message);
  },

  "a list is iterated over its pages": async (client) => {
    const names: string[] = [];
    for await (const { name } of client.listTraces({ limit: 2 })) names.push(name);
    equal(names, ["trace 0", "trace 1", "trace 2", "trace 3", "trace 4"]);
    equal((await client.listTraces({ limit: 2, tags: ["a b", "ü"] })).total, 5);
  },

  "a run is awaited with progress, and its scores are read": async (client) => {
    const seen: number[] = [];
    const { run, scores } = await client.evaluateTraces(
      { trace_ids: ["a"], metrics: ["task_completion"] },
      { onProgress: ({ evaluated }) => seen.push(evaluated) },
    );
    equal(run.status, "COMPLETED");
    equal(seen, [0, 1, 2]);
    equal([scores.mean("task_completion"), scores.failed.length, Array.isArray(scores)], [0.75, 1, true]);
    equal(scores.of("b", "task_completion")?.number, 0.5);
  },

  "a watch can be left": async (client) => {
    for await (const { evaluated } of client.watchRun(runId)) {
      equal(evaluated, 2);
      break;
    }
  },

  "a watched run is streamed, and resumes where its stream broke off": async (client) => {
    const seen: number[] = [];
    for await (const { evaluated } of client.watchRun(streamedRunId, { timeoutMs: 20_000 })) {
      seen.push(evaluated);
    }
    // The server sends the end only to a client that resumes after the previous event.
    equal(seen, [0, 1, 2]);
  },

  "hooks and a logger see every attempt, and never the key": async (client) => {
    const seen: string[] = [];
    const log = (line: string) => seen.push(line);
    const hooked = client.withOptions({
      logger: { debug: log, info: log, warn: log, error: log },
      hooks: {
        beforeRequest: (state) => void seen.push(JSON.stringify(state)),
        afterResponse: (state) => void seen.push(JSON.stringify(state)),
      },
    });
    const error = await rejected(hooked.getTrace("missing"));
    ok(seen.length >= 5, `more than ${seen.length} calls`);
    ok(error instanceof Error, "an error");
    const all = [
      ...seen,
      JSON.stringify([client, error]),
      String(error),
      String(error.stack),
      String(error.cause),
    ];
    for (const text of all) ok(!text.includes(apiKey), `the key is in ${text}`);
  },

  "a custom fetch is called with a URL and plain values": async (client, endpoint) => {
    const seen: unknown[] = [];
    const own = client.withOptions({
      headers: new Headers({ "X-Mine": "b" }),
      fetch: (url, init) => {
        seen.push(
          url,
          init.method,
          init.headers["x-mine"],
          init.headers["x-api-key"] === apiKey,
          typeof init.body,
        );
        return fetch(url, init);
      },
    });
    const { trace_id } = await own.createTrace(
      { name: "a", started_at: "2026-03-01" },
      { timeoutMs: 400_000 },
    );
    equal(trace_id, "a");
    equal(seen, [`${endpoint}/traces`, "POST", "b", true, "string"]);
    const misfit = client.withOptions({ fetch: (() => undefined) as never });
    const error = await rejected(misfit.getTrace("a"));
    ok(!isConnectionError(error) && isPandaProbeError(error), `not an outage, but ${error}`);
  },

  "a callback that rejects ends the wait": async (client) => {
    const reason = new Error("Mine.");
    const onProgress = async () => {
      throw reason;
    };
    equal(await rejected(client.waitForRun(runId, { onProgress })), reason);
  },

  "traces are queued, sent together, and counted": async (_client, endpoint) => {
    const sender = new Sender({ endpoint, apiKey, projectName: "my-agent" });
    const ids = [1, 2, 3].map((n) =>
      sender.traces.send({ name: `queued ${n}`, started_at: new Date().toISOString() }),
    );
    equal(new Set(ids).size, 3);
    await sender.traces.flush();
    equal(sender.traces.stats().sent, 3);
    await sender.traces.close();
    ok(sender instanceof PandaProbe, "the sender's client is a PandaProbe");
  },

  "responses are validated against the contract": async (client) => {
    const checked = client.withOptions({ fetch: validateResponses() });
    equal((await checked.listTraceMetrics()).length, 1);
    const error = await rejected(checked.getTraceScores("wrong"));
    ok(isResponseValidationError(error), `a ResponseValidationError, not ${error}`);
    equal(error.path, [0, "id"]);
  },

  "OpenTelemetry spans are converted": async () => {
    equal(toTraces([]), []);
  },
};

/** The names of all cases. */
export const caseNames = Object.keys(cases);
