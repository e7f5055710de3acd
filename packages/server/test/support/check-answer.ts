import { contract, EvalRunResponse, errorCodes, openApiDocument, Problem } from "@pandaprobe/contract";
import { parseDateTime } from "@pandaprobe/contract/rules";
import type { AppRoute } from "@ts-rest/core";
import { expect } from "vitest";
import { z } from "zod";
import type { Answer } from "./answer.ts";
import { isEventStream, parseEvent } from "./event-stream.ts";

interface Operation {
  readonly id: string;
  readonly route: AppRoute;
  readonly path: RegExp;
  /** The statuses that its OpenAPI description declares. */
  readonly statuses: ReadonlySet<number>;
}

const operations = describedOperations();

/** The contract's operation for a request; `undefined` if there is none. */
export function operationOf(method: string, url: string): Operation | undefined {
  const [path = ""] = url.split("?");
  const matching = operations.filter(
    (operation) => operation.route.method === method && operation.path.test(path),
  );
  // In `/trace-runs/template`, the last segment is not a run's id.
  return matching.find((operation) => !operation.route.path.includes(":")) ?? matching[0];
}

/** Checks that a response is what the contract declares, without additional fields, or a declared problem. */
export function checkAnswer(method: string, url: string, answer: Answer<unknown>): void {
  const operation = operationOf(method, url);
  const what = `${method} ${url.slice(0, 200)} → ${answer.status}`;
  const requestId = answer.headers.get("x-request-id");
  expect(requestId, what).toMatch(/^[\w.:/+=-]{1,128}$/);
  if (answer.status >= 400 && url.startsWith("/v1/")) checkStatus(what, answer);
  else if (answer.status >= 400) checkProblem(what, answer, requestId);
  else if (operation !== undefined) checkSuccess(what, operation, answer);
  if (operation !== undefined) expect([...operation.statuses], what).toContain(answer.status);
}

const strictProblem = z.strictObject(Problem.shape);

function checkProblem(
  what: string,
  { status, headers, body }: Answer<unknown>,
  requestId: string | null,
): void {
  expect(headers.get("content-type"), what).toBe("application/problem+json; charset=utf-8");
  const problem = strictProblem.parse(body);
  expect(errorCodes, what).toHaveProperty(problem.code);
  expect(problem.code, what).not.toBe("internal_error");
  const known = errorCodes[problem.code as keyof typeof errorCodes];
  expect(problem, what).toMatchObject({
    type: `urn:pandaprobe:problem:${problem.code}`,
    title: known.title,
    status: known.status,
    request_id: requestId,
  });
  expect(status, what).toBe(known.status);
  expect(problem.detail, what).toMatch(/^\S.*[.…]$/s);
  const waits = ["rate_limited", "idempotency_in_progress", "unavailable"].includes(problem.code);
  if (waits) expect(Number(headers.get("retry-after")), what).toBeGreaterThan(0);
}

const strictStatus = z.strictObject({
  code: z.int().min(1).max(16),
  message: z.string().regex(/^\S.*[.…]$/s),
});

/** Checks an error of OTLP: a `google.rpc.Status` in JSON, or bytes. */
function checkStatus(what: string, { headers, body }: Answer<unknown>): void {
  if (headers.get("content-type") === "application/x-protobuf") return;
  expect(strictStatus.safeParse(body).error, what).toBeUndefined();
}

function checkSuccess(what: string, { route }: Operation, { status, headers, body }: Answer<unknown>): void {
  const schema: unknown = (route.responses as Readonly<Record<number, unknown>>)[status];
  if (status === 204) expect(body, what).toBe("");
  if (isEventStream(headers)) checkEvent(what, String(body));
  if (!(schema instanceof z.ZodType)) return;
  expect(headers.get("content-type"), what).toBe("application/json; charset=utf-8");
  const read = schema.safeParse(body);
  expect(read.error, what).toBeUndefined();
  // Schemas drop unknown fields, so any additional field makes a difference here.
  expect(read.data, what).toEqual(body);
  checkTimestamps(what, body);
}

/** Checks an event of a run, whose data must be a run. */
function checkEvent(what: string, text: string): void {
  const { event, id, data } = parseEvent(text);
  expect(["", "progress", "end"], what).toContain(event);
  if (event === "") return;
  expect(id, what).toMatch(/^[A-Z]+-\d+-\d+(-waiting)?$/);
  expect(EvalRunResponse.parse(JSON.parse(data)), what).toEqual(JSON.parse(data));
}

/** Fields whose values the caller chooses. */
const opaque = new Set(["input", "output", "metadata", "filters", "token_usage", "model_parameters", "cost"]);

/** Every time is in UTC with milliseconds. */
function checkTimestamps(what: string, value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (opaque.has(key)) continue;
    const isTime = key.endsWith("_at") || key === "completion_start_time";
    if (isTime && typeof item === "string") expect(parseDateTime(item), `${what}: ${key}`).toBe(item);
    else checkTimestamps(what, item);
  }
}

function describedOperations(): Operation[] {
  const document = openApiDocument("0") as {
    paths: Record<string, Record<string, { operationId: string; responses: object }>>;
  };
  const described = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  return Object.values(contract)
    .flatMap((group) => Object.entries(group) as [string, AppRoute][])
    .map(([id, route]) => ({
      id,
      route,
      path: new RegExp(`^${route.path.replace(/:\w+/g, "[^/]+")}$`),
      statuses: new Set(
        Object.keys(described.find(({ operationId }) => operationId === id)?.responses ?? {}).map(Number),
      ),
    }));
}
