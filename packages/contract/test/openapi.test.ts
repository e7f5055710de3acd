import {
  contract,
  type ErrorCode,
  errorCodes,
  openApiDocument,
  otlpRoutes,
  Problem,
} from "@pandaprobe/contract";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import { isSchema } from "../src/schema-components.ts";
import { described, describedAs, document } from "./support/open-api.ts";
import { operations } from "./support/operations.ts";

describe("the document", () => {
  test("is valid OpenAPI 3.1", async () => {
    const result = await new Validator().validate(JSON.parse(JSON.stringify(document)));
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
    expect(document.openapi).toBe("3.1.0");
    expect(document.info.version).toBe("1.2.3");
  });

  test("is the same every time", () => {
    expect(openApiDocument("1.2.3")).toEqual(openApiDocument("1.2.3"));
  });

  test("has no dangling references and no unused components", () => {
    const references = new Set(
      [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference]) => reference),
    );
    const components = Object.entries(document.components).flatMap(([kind, all]) =>
      kind === "securitySchemes" ? [] : Object.keys(all).map((name) => `#/components/${kind}/${name}`),
    );
    expect([...references].sort()).toEqual(components.sort());
  });

  test("describes each operation of the contract once, at the contract's path", () => {
    expect(described.map(({ operation }) => operation.operationId).sort()).toEqual(
      [...operations.map(({ id }) => id), ...Object.keys(otlpRoutes)].sort(),
    );
    for (const { id, route } of operations) {
      const { method, path } = describedAs(id);
      expect(method).toBe(route.method.toLowerCase());
      expect(path.replace(/\{\w+\}/g, "{}")).toBe(route.path.replace(/:\w+/g, "{}"));
    }
  });

  test("has no two paths that differ only in a parameter's name", () => {
    const paths = Object.keys(document.paths).map((path) => path.replace(/\{\w+\}/g, "{}"));
    expect(new Set(paths).size).toBe(paths.length);
  });

  test("lists every error code that an operation answers, under its status", () => {
    const shown = described.flatMap(({ operation }) =>
      Object.entries(operation.responses).flatMap(([status, { description }]) =>
        [...description.matchAll(/`(\w+)`: /g)].map(([, code]) => `${status} ${code}`),
      ),
    );
    const ofOperations = Object.entries(errorCodes).filter(([code]) => code !== "method_not_allowed");
    const all = ofOperations.map(([code, { status }]) => `${status} ${code}`);
    expect([...new Set(shown)].sort()).toEqual(all.sort());
  });
});

describe.each(operations)("the operation $id", ({ id, route, metadata }) => {
  const { operation, path } = describedAs(id);

  test("has a summary, a description, one tag and its successful response", () => {
    expect(operation.summary).toMatch(/^\S.*[^.]$/);
    expect(operation.description).toMatch(/^\S.*\.$/s);
    expect(operation.tags).toEqual([metadata.tag]);
    expect(Object.keys(operation.responses).filter((status) => Number(status) < 300)).toHaveLength(1);
  });

  test("declares the parameters of its path", () => {
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(declared.map(({ name }) => name)).toEqual(inPath);
    expect(declared.every(({ required }) => required)).toBe(true);
  });

  test("declares the query as the contract does, with its defaults", () => {
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === "query");
    const { query } = route;
    if (!isSchema(query)) return expect(declared).toEqual([]);
    const required = declared
      .filter((parameter) => parameter.required)
      .map(({ name, schema }, index) => [
        name,
        // Each is later than the one before, because two may be the ends of a range.
        schema["format"] === "date-time" ? `200${index}-01-01T00:00:00.000Z` : "x",
      ]);
    const defaults = declared.flatMap(({ name, schema }) =>
      "default" in schema ? [[name, schema["default"]]] : [],
    );
    const read = query.safeParse(Object.fromEntries(required));
    expect(read.data).toEqual({ ...Object.fromEntries(required), ...Object.fromEntries(defaults) });
  });

  test("declares the headers that its metadata names", () => {
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === "header");
    expect(declared.map(({ name }) => name)).toEqual(Object.keys(metadata.requestHeaders ?? {}));
    for (const [name, { onErrors = [] }] of Object.entries(metadata.responseHeaders ?? {})) {
      const carriers = Object.entries(operation.responses).filter(([, { headers }]) => name in headers);
      expect(carriers.map(([status]) => Number(status))).toEqual(
        expect.arrayContaining([...onErrors].filter((status) => String(status) in operation.responses)),
      );
      expect(carriers.length).toBeGreaterThan(0);
    }
    for (const { headers } of Object.values(operation.responses))
      expect(headers).toHaveProperty("X-Request-ID");
  });

  test("requires credentials unless it is public", () => {
    const security = operation.security ?? document.security;
    const { scope, project = "header" } = metadata;
    const credentials = project === "header" ? { apiKey: [], projectName: [] } : { apiKey: [] };
    expect(security).toEqual(scope === null ? [] : [credentials]);
    const names = Object.values(document.components.securitySchemes).map((scheme) => scheme.name);
    expect(names).toEqual(["X-API-Key", "X-Project-Name"]);
  });

  test("names the scope that a key needs", () => {
    const { scope } = metadata;
    expect(operation["x-required-scope"]).toBe(scope ?? undefined);
    if (scope !== null) expect(operation.description).toMatch(new RegExp(`scope \`${scope}\`\\.$`));
  });

  test("declares the status of every possible error as a problem", () => {
    const errors = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
    for (const [status, { content }] of errors) {
      expect(Object.keys(content ?? {}), status).toEqual(["application/problem+json"]);
      expect(content?.["application/problem+json"]?.schema).toEqual({ $ref: "#/components/schemas/Problem" });
    }
    const statuses = errors.map(([status]) => Number(status));
    const expected = new Set<number>(metadata.errors.map((code) => errorCodes[code].status));
    for (const status of [400, 431, 500]) expected.add(status);
    if (metadata.scope !== null) for (const status of [401, 403, 429, 503]) expected.add(status);
    if (metadata.scope !== null && metadata.project !== "none") expected.add(422);
    if ("query" in route && isSchema(route.query)) expected.add(422);
    if (route.method !== "GET") for (const status of [408, 413, 415]) expected.add(status);
    if ("body" in route && isSchema(route.body)) expected.add(422);
    if (path.includes("{")) for (const status of [414, 422]) expected.add(status);
    if ("Idempotency-Key" in (metadata.requestHeaders ?? {})) expected.add(409);
    expect(statuses).toEqual([...expected].sort((a, b) => a - b));
  });

  test("declares its body, and whether it is optional", () => {
    const takesBody = "body" in route && isSchema(route.body);
    expect(operation.requestBody !== undefined).toBe(takesBody);
    if (takesBody && isSchema(route.body))
      expect(operation.requestBody?.required).toBe(!route.body.safeParse(undefined).success);
  });
});

describe.each(Object.entries(otlpRoutes))("the operation of OTLP %s", (id, { path, metadata }) => {
  const { operation, path: describedPath, method } = describedAs(id);

  test("is described at its path, with what it needs", () => {
    expect([describedPath, method, operation.tags]).toEqual([path, "post", [metadata.tag]]);
    expect(operation).toMatchObject({ security: [{ apiKey: [] }], "x-required-scope": "ingest" });
    expect(operation.parameters).toMatchObject([{ name: "X-Project-Name", in: "header", required: false }]);
  });

  test("takes and answers protobuf and JSON, errors too", () => {
    const answers = Object.entries(operation.responses);
    const contents = [operation.requestBody?.content, ...answers.map(([, { content }]) => content)];
    for (const content of contents) {
      expect(Object.keys(content ?? {})).toEqual(["application/x-protobuf", "application/json"]);
    }
    const statuses = [200, 400, 401, 403, 408, 413, 415, 422, 429, 431, 500, 503];
    expect(answers.map(([status]) => Number(status))).toEqual(statuses);
    for (const status of [429, 503])
      expect(operation.responses[status]?.headers).toHaveProperty("Retry-After");
  });
});

describe.each(operations)("the examples of $id", ({ id, route }) => {
  const { operation } = describedAs(id);

  test("contain a valid body", () => {
    if (!("body" in route) || !isSchema(route.body)) return;
    const example = operation.requestBody?.content["application/json"]?.example;
    expect(example).toBeDefined();
    expect(route.body.safeParse(example).error).toBeUndefined();
  });

  test("contain the successful response", () => {
    for (const [status, { content }] of Object.entries(operation.responses)) {
      const [media] = Object.values(content ?? {});
      if (Number(status) >= 400 || media === undefined) continue;
      expect(media.example).toBeDefined();
      const schema: unknown = (route.responses as Readonly<Record<string, unknown>>)[status];
      if (!isSchema(schema)) continue;
      const read = schema.safeParse(media.example);
      expect(read.error).toBeUndefined();
      // The examples have no fields that the schema drops.
      expect(read.data).toEqual(media.example);
    }
  });

  test("contain every required parameter", () => {
    const needed = (place: string) =>
      Object.fromEntries(
        (operation.parameters ?? [])
          .filter(({ in: where, required }) => where === place && required)
          .map(({ name, example }) => [name, example]),
      );
    const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
    const values = Object.values(needed("path"));
    const path = Object.fromEntries(inPath.map((name, index) => [name, values[index]]));
    if (isSchema(route.pathParams)) expect(route.pathParams.safeParse(path).error).toBeUndefined();
    if (isSchema(route.query)) expect(route.query.safeParse(needed("query")).error).toBeUndefined();
  });

  test("contain every error", () => {
    for (const [status, { content, description }] of Object.entries(operation.responses)) {
      if (Number(status) < 400) continue;
      const codes = [...description.matchAll(/`(\w+)`: /g)].map(([, code = ""]) => code);
      const references = codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]);
      expect(content?.["application/problem+json"]?.examples).toEqual(Object.fromEntries(references));
    }
  });
});

describe("the example of the error", () => {
  test.each(Object.entries(document.components.examples))("%s is a problem", (code, { value }) => {
    const problem = Problem.parse(value);
    expect(problem).toEqual(value);
    expect(problem).toMatchObject({ code, ...errorCodes[code as ErrorCode] });
    expect(problem.detail).toMatch(/^\S.*\.$/s);
  });
});

test("groups are described, in the order of the reference", () => {
  const used = new Set([...operations, ...Object.values(otlpRoutes)].map(({ metadata }) => metadata.tag));
  expect(document.tags.map(({ name }) => name).sort()).toEqual([...used].sort());
  for (const { name, description } of document.tags) expect(description, name).toMatch(/\.$/);
});

test("every POST that writes takes an idempotency key, except those that answer with an API key", () => {
  // Trying a metric stores no score. Repeating a step of a review changes nothing.
  const harmless = [
    "tryMetric",
    "claimReviewItem",
    "completeReviewItem",
    "skipReviewItem",
    "releaseReviewItem",
  ];
  const without = operations.filter(
    ({ id, route, metadata }) =>
      route.method === "POST" &&
      metadata.scope !== "read" &&
      !harmless.includes(id) &&
      !("Idempotency-Key" in (metadata.requestHeaders ?? {})),
  );
  expect(without.map(({ id }) => id)).toEqual(["createApiKey", "rotateApiKey"]);
});

describe.each(operations)("the scope of $id", ({ id, route, metadata }) => {
  const { path } = describedAs(id);

  test("is declared, and matches whether the method reads or writes", () => {
    const allowed = {
      GET: ["read", "admin", null],
      // A question that is too long for a URL.
      POST: [["computeAgreement", "compareScores"].includes(id) ? "read" : "", "ingest", "evaluate", "admin"],
      PUT: ["evaluate"],
      PATCH: ["ingest", "evaluate"],
      DELETE: ["ingest", "evaluate", "admin"],
    }[route.method as "GET" | "POST" | "PUT" | "PATCH" | "DELETE"];
    expect(allowed).toContain(metadata.scope);
    if (metadata.scope === null) expect(metadata.tag).toBe("Operations");
  });

  test("matches the place in which its project is named", () => {
    const isAdministration = metadata.tag === "Administration";
    const place = path.includes("{project_name}") ? "path" : isAdministration ? "none" : undefined;
    expect(metadata.project).toBe(place);
  });

  test("is recorded in the audit log if it deletes or administers", () => {
    const isAudited = route.method === "DELETE" || (metadata.scope === "admin" && route.method !== "GET");
    if (isAudited) expect(metadata.audit).toMatch(/^[a-z_]+\.[a-z]+$/);
    if (route.method === "GET") expect(metadata.audit).toBeUndefined();
  });
});

test("operations have unique names, which are the client's methods", () => {
  const names = Object.values(contract).flatMap((group) => Object.keys(group));
  expect(new Set(names).size).toBe(names.length);
});
