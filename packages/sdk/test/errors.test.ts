import { inspect } from "node:util";
import * as sdk from "@pandaprobe/sdk";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { apiKey, testClient } from "./support/test-client.ts";

const endpoint = "http://pandaprobe.test";
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

/** The error of a call that is answered like this. */
async function errorOf(response: () => Response): Promise<unknown> {
  server.use(http.all(`${endpoint}/*`, () => response()));
  const client = testClient({ endpoint, retries: 0 });
  return client.createTraceRun({ metrics: [] }).then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );
}

function problem(status: number, body: object = {}, headers: Record<string, string> = {}) {
  const all = {
    type: "about:blank",
    title: "T",
    status,
    detail: "It is so.",
    code: "a_code",
    request_id: "r-1",
    ...body,
  };
  return () =>
    HttpResponse.json(all, { status, headers: { "content-type": "application/problem+json", ...headers } });
}

const meanings = [
  [400, "BadRequestError", sdk.BadRequestError, sdk.isBadRequestError],
  [401, "AuthenticationError", sdk.AuthenticationError, sdk.isAuthenticationError],
  [404, "NotFoundError", sdk.NotFoundError, sdk.isNotFoundError],
  [409, "ConflictError", sdk.ConflictError, sdk.isConflictError],
  [413, "ValidationError", sdk.ValidationError, sdk.isValidationError],
  [415, "ValidationError", sdk.ValidationError, sdk.isValidationError],
  [422, "ValidationError", sdk.ValidationError, sdk.isValidationError],
  [429, "RateLimitError", sdk.RateLimitError, sdk.isRateLimitError],
  [500, "ServerError", sdk.ServerError, sdk.isServerError],
  [503, "ServerError", sdk.ServerError, sdk.isServerError],
  [418, "ApiError", sdk.ApiError, sdk.isApiError],
] as const;

describe("an error response", () => {
  it.each(meanings)("is, with %i, a %s", async (status, name, type, guard) => {
    const error = await errorOf(problem(status));
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({
      name,
      status,
      code: "a_code",
      detail: "It is so.",
      errors: [],
      requestId: "r-1",
      operation: "createTraceRun",
    });
    expect(error).toHaveProperty(
      "stack",
      expect.stringMatching(new RegExp(`^${name}: createTraceRun failed`)),
    );
    expect([guard(error), sdk.isApiError(error), sdk.isPandaProbeError(error)]).toEqual([true, true, true]);
    const others = meanings.filter(([, other]) => other !== name && other !== "ApiError");
    expect(others.map(([, , , other]) => other(error))).not.toContain(true);
  });

  it("puts all known facts into its message", async () => {
    const errors = [
      { loc: ["body", "metrics"], msg: "must have at least 1", type: "too_small" },
      { loc: ["body", "filters", "tags", 0], msg: "must be a string", type: "invalid_type" },
    ];
    const error = await errorOf(
      problem(422, { code: "validation_error", detail: "2 fields are wrong.", errors }),
    );
    expect(error).toMatchObject({ errors });
    expect(error).toHaveProperty(
      "message",
      [
        "createTraceRun failed with 422 validation_error: 2 fields are wrong.",
        "  body.metrics: must have at least 1",
        "  body.filters.tags.0: must be a string",
        "(request r-1)",
      ].join("\n"),
    );
  });

  it("does not repeat a field that the server's detail names", async () => {
    const errors = [
      { loc: ["body", "metrics"], msg: "must have at least 1", type: "too_small" },
      { loc: ["body", "name"], msg: "must be text", type: "invalid_type" },
    ];
    const body = { code: "validation_error", detail: "body.metrics must have at least 1.", errors };
    expect(await errorOf(problem(422, body))).toMatchObject({
      errors,
      message: `createTraceRun failed with 422 validation_error: ${body.detail}\n  body.name: must be text\n(request r-1)`,
    });
    expect(await errorOf(problem(422, { ...body, errors: errors.slice(0, 1) }))).toHaveProperty(
      "message",
      `createTraceRun failed with 422 validation_error: ${body.detail} (request r-1)`,
    );
  });

  it("says when to retry", async () => {
    const error = await errorOf(problem(429, {}, { "retry-after": "7" }));
    expect(error).toMatchObject({
      retryAfterSeconds: 7,
      message: expect.stringContaining("Try again in 7 s."),
    });
    const date = new Date(Date.now() + 90_000).toUTCString();
    const dated = await errorOf(problem(503, {}, { "retry-after": date }));
    expect(dated).toHaveProperty("retryAfterSeconds", expect.closeTo(90, -1));
    expect(await errorOf(problem(503, {}, { "retry-after": "soon" }))).toHaveProperty(
      "retryAfterSeconds",
      null,
    );
  });

  it("takes the request id from the header if the body has none", async () => {
    const headers = { "x-request-id": "from-header" };
    const error = await errorOf(() => new HttpResponse(null, { status: 500, headers }));
    expect(error).toMatchObject({ requestId: "from-header", code: null });
  });

  it("shortens a proxy's page", async () => {
    const page = `<html><head><style>p{}</style></head><body><h1>502  Bad Gateway</h1>\n<p>${"x".repeat(500)}</p></body></html>`;
    const error = await errorOf(() => HttpResponse.html(page, { status: 502 }));
    expect(error).toBeInstanceOf(sdk.ServerError);
    expect(error).toHaveProperty(
      "message",
      `createTraceRun failed with 502: Not a PandaProbe error (text/html, 502 Bad Gateway ${"x".repeat(184)}…). Check the endpoint, and any proxy before it.`,
    );
  });

  it.each([
    ["a page", () => HttpResponse.html("<p>Log in</p>"), "(text/html, Log in)"],
    ["nothing", () => new HttpResponse(null, { status: 204 }), "(no content type, empty)"],
    ["half of JSON", () => HttpResponse.text('{"id": ', { status: 202 }), '(text/plain, {"id":)'],
  ])("is also %s where JSON was expected", async (_what, response, shown) => {
    const error = await errorOf(response);
    expect(error).toBeInstanceOf(sdk.ApiError);
    expect(error).toHaveProperty("message", expect.stringContaining(`Not the expected JSON ${shown}`));
  });

  it.each([
    ["of another API", { error: "no" }, '{"error":"no"}'],
    ["with odd parts", { detail: 5, errors: "x" }, '{"detail":5'],
    ["that is null", null, "application/json, null"],
  ])("survives a JSON body %s", async (_what, body, shown) => {
    const error = await errorOf(() => HttpResponse.json(body, { status: 400 }));
    expect(error).toBeInstanceOf(sdk.BadRequestError);
    expect(error).toHaveProperty("message", expect.stringContaining(shown));
  });

  it("drops malformed entries of a problem's errors", async () => {
    const good = { loc: ["body"], msg: "no", type: "t" };
    expect(await errorOf(problem(422, { errors: [null, 1, { loc: "x" }, good] }))).toHaveProperty("errors", [
      good,
    ]);
  });

  it("does not follow redirects, so the key goes nowhere else", async () => {
    const elsewhere = vi.fn(() => HttpResponse.json({}));
    server.use(
      http.all("http://elsewhere.test/*", elsewhere),
      http.all(`${endpoint}/*`, () => HttpResponse.redirect("http://elsewhere.test/x", 307)),
    );
    const call = testClient({ endpoint }).listProviders();
    await expect(call).rejects.toThrow(/Redirects are not followed.*set `endpoint` to the final URL/);
    expect(elsewhere).not.toHaveBeenCalled();
  });
});

describe("an error without a response", () => {
  it("is a ConnectionError if nothing listens", async () => {
    // Port 9 (discard) is closed wherever these tests run.
    const client = testClient({ endpoint: "http://127.0.0.1:9", retries: 0 });
    server.use(http.all("http://127.0.0.1:9/*", () => HttpResponse.error()));
    const error = await client.listTraces({ name: "private" }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(sdk.ConnectionError);
    expect(sdk.isConnectionError(error)).toBe(true);
    expect(error).toMatchObject({ name: "ConnectionError", status: null, operation: "listTraces" });
    expect(error).toHaveProperty(
      "message",
      expect.stringMatching(/no response from http:\/\/127.0.0.1:9 .*Is the server running/),
    );
    expect(error).toHaveProperty("message", expect.not.stringContaining("private"));
    expect(error).toHaveProperty("cause", expect.any(Error));
  });

  it("has the platform's code, and no query", async () => {
    const cause = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    const failing = (error: Error) => () => Promise.reject(error);
    const options = { retries: 0, endpoint };
    const refused = testClient({ ...options, fetch: failing(new TypeError("fetch failed", { cause })) });
    await expect(refused.listProviders()).rejects.toMatchObject({
      code: "ECONNREFUSED",
      message: expect.stringContaining("(ECONNREFUSED)"),
    });
    const deno = new TypeError("error sending request for url (http://pandaprobe.test/traces?name=private)");
    await expect(testClient({ ...options, fetch: failing(deno) }).listTraces()).rejects.toMatchObject({
      code: null,
      message: expect.stringContaining("(error sending request for url (http://pandaprobe.test/traces))"),
    });
  });
});

describe("every error", () => {
  it("keeps the key out of sight", async () => {
    const hang = () => new Promise<Response>(() => {});
    const errors = [
      await errorOf(problem(500)),
      await errorOf(() => HttpResponse.error()),
      await testClient({ endpoint, fetch: hang, timeoutMs: 20, retries: 1 })
        .createTrace({ name: "a", started_at: "2026-03-01" })
        .catch((error: unknown) => error),
    ];
    expect(errors.map((error) => (error instanceof Error ? error.name : error))).toEqual([
      "ServerError",
      "ConnectionError",
      "TimeoutError",
    ]);
    for (const error of errors) {
      const shown = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error) + String(error);
      expect(shown).not.toContain(apiKey);
    }
  });

  it("does not contain the key where it quotes the request", async () => {
    const echo = `x-api-key: ${apiKey}`;
    const error = await errorOf(
      problem(422, {
        detail: echo,
        code: echo,
        request_id: echo,
        errors: [{ loc: [echo], msg: echo, type: echo }],
      }),
    );
    expect(error).toHaveProperty("errors", [
      { loc: ["x-api-key: sk_pp_…"], msg: "x-api-key: sk_pp_…", type: "x-api-key: sk_pp_…" },
    ]);
    expect(inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)).not.toMatch(/sk_pp_\w/);
  });

  it("has a guard that recognizes another copy's errors, and those of its superclasses", async () => {
    vi.resetModules();
    const copy: Readonly<Record<string, unknown>> = await import("@pandaprobe/sdk");
    const own: Readonly<Record<string, unknown>> = sdk;
    const names = Object.keys(own).filter((name) => name.endsWith("Error") && !name.startsWith("is"));
    expect(names).toHaveLength(13);
    for (const name of names) {
      const { prototype } = own[name] as { prototype: object };
      const error: unknown = Object.create(prototype);
      const known = names.filter((other) => (copy[`is${other}`] as (error: unknown) => boolean)(error));
      const extended = names.filter((other) => error instanceof (own[other] as new () => object));
      expect(known).toEqual(extended);
      expect(error).toHaveProperty("name", name);
    }
  });

  it("is recognized by another copy of the package", async () => {
    vi.resetModules();
    const copy = await import("@pandaprobe/sdk");
    const error = await errorOf(problem(404));
    expect(error).not.toBeInstanceOf(copy.NotFoundError);
    expect([copy.isNotFoundError(error), copy.isApiError(error), copy.isServerError(error)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("is not confused with values that are not errors", () => {
    for (const other of [
      null,
      undefined,
      "NotFoundError",
      new Error("x"),
      { name: "NotFoundError" },
      new TypeError("x"),
    ]) {
      expect([
        sdk.isPandaProbeError(other),
        sdk.isNotFoundError(other),
        sdk.isTimeoutError(other),
      ]).not.toContain(true);
    }
  });
});
