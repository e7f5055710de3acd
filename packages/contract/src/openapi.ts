import type { AppRoute } from "@ts-rest/core";
import { z } from "zod";
import { type ErrorCode, errorCodes } from "./common/error-codes.ts";
import { authHeaders, type HeaderInfo, type RouteMetadata } from "./common/metadata.ts";
import { Problem } from "./common/problem.ts";
import { problemDetails } from "./common/problem-examples.ts";
import { tags } from "./common/tags.ts";
import { contract } from "./contract.ts";
import { errorHeaders, errorsByStatus, successHeaders } from "./openapi/answers.ts";
import { exampleOf } from "./openapi/example-of.ts";
import { otlpOperation } from "./openapi/otlp-operation.ts";
import { otlpRoutes } from "./otlp.ts";
import { isSchema, SchemaComponents } from "./schema-components.ts";

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of the whole API, made from the contract. `version` is the server's own. */
export function openApiDocument(version: string): Json {
  const components = new SchemaComponents();
  const paths: Record<string, Json> = {};
  for (const group of Object.values(contract)) {
    for (const [operationId, route] of Object.entries(group))
      addOperation(paths, operationId, route, components);
  }
  for (const [operationId, route] of Object.entries(otlpRoutes))
    paths[route.path] = { post: otlpOperation(operationId, route) };
  return {
    openapi: "3.1.0",
    info: {
      title: "PandaProbe evaluation API",
      version,
      description:
        "Stores the traces of an agent, has judges score them, and serves the scores. All operations except the last group need an API key, and most need the name of a project: enter both under **Authorize**. Each operation names the scope that its key needs. Request bodies can use `Content-Encoding` gzip, deflate or br. Answers are compressed for clients that accept it.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ apiKey: [], projectName: [] }],
    tags: usedTags(paths),
    paths,
    components: {
      securitySchemes: {
        apiKey: {
          type: "apiKey",
          in: "header",
          name: "X-API-Key",
          description: authHeaders["X-API-Key"].description,
        },
        projectName: {
          type: "apiKey",
          in: "header",
          name: "X-Project-Name",
          description: authHeaders["X-Project-Name"].description,
        },
      },
      schemas: components.all(),
      examples: problemExamples(),
    },
  };
}

function addOperation(
  paths: Record<string, Json>,
  operationId: string,
  route: AppRoute,
  components: SchemaComponents,
): void {
  const metadata = route.metadata as RouteMetadata;
  const parameters = [
    ...objectParameters("path", route.pathParams, components),
    ...objectParameters("query", route.query, components),
    ...Object.entries(metadata.requestHeaders ?? {}).map(([name, header]) => headerParameter(name, header)),
  ];
  const operation: Json = {
    operationId,
    summary: route.summary,
    ...describe(route, metadata),
    tags: [metadata.tag],
    ...security(metadata),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...requestBody(route, components),
    responses: responses(route, metadata, components),
  };
  // OpenAPI treats two paths that differ only in a parameter's name as one, so the name in the first is used for both.
  const path = samePath(paths, route.path.replace(/:(\w+)/g, "{$1}"), parameters);
  paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation };
}

/** The description names the scope, because the reference does not show extension fields. */
function describe({ description }: AppRoute, { scope }: RouteMetadata): Json {
  const needs = scope === null ? [] : [`Needs a key with the scope \`${scope}\`.`];
  const sentences = [...(description === undefined ? [] : [description]), ...needs];
  return {
    ...(sentences.length === 0 ? {} : { description: sentences.join(" ") }),
    ...(scope === null ? {} : { "x-required-scope": scope }),
  };
}

/** For operations to which the document's default, a key and a project header, does not apply. */
function security({ scope, project = "header" }: RouteMetadata): Json {
  if (scope === null) return { security: [] };
  return project === "header" ? {} : { security: [{ apiKey: [] }] };
}

/** The groups that have an operation, in the order of the reference; those without a description come last. */
function usedTags(paths: Record<string, Json>): Json[] {
  const used = new Set(
    Object.values(paths).flatMap((methods) =>
      Object.values(methods).flatMap((operation) => (operation as { tags: string[] }).tags),
    ),
  );
  const described = Object.keys(tags).filter((name) => used.has(name));
  const others = [...used].filter((name) => !(name in tags));
  return [...described, ...others].map((name) => ({ name, description: tags[name] ?? "" }));
}

/** Without the one for a path that has no such operation. */
const answeredCodes = Object.entries(errorCodes).filter(([code]) => code !== "method_not_allowed");

/** One problem for each error code of an operation; operations refer to them. */
function problemExamples(): Json {
  return Object.fromEntries(
    answeredCodes.map(([code, { status, title }]) => [
      code,
      {
        summary: title,
        value: {
          type: `urn:pandaprobe:problem:${code}`,
          title,
          status,
          detail: problemDetails[code as ErrorCode],
          code,
          request_id: "0198c0de-1234-7000-8000-00000000002a",
        } satisfies Problem,
      },
    ]),
  );
}

function samePath(paths: Record<string, Json>, path: string, parameters: Json[]): string {
  const anonymous = (value: string) => value.replace(/\{\w+\}/g, "{}");
  const existing = Object.keys(paths).find((other) => anonymous(other) === anonymous(path)) ?? path;
  const names = [...existing.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
  const inPath = parameters.filter((parameter) => parameter["in"] === "path");
  for (const [index, parameter] of inPath.entries()) parameter["name"] = names[index];
  return existing;
}

function objectParameters(place: "path" | "query", schema: unknown, components: SchemaComponents): Json[] {
  if (!isSchema(schema)) return [];
  const { properties = {}, required = [] } = components.convert(schema, "input");
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property;
    const isRequired = place === "path" || required.includes(name);
    return {
      name,
      in: place,
      required: isRequired,
      ...(description === undefined ? {} : { description }),
      schema: rest,
      // The reference fills in the example when an operation is tried, which is only useful for required parameters.
      ...(isRequired ? { example: exampleOf(rest, components.all(), { field: name }) } : {}),
    };
  });
}

function headerParameter(name: string, header: HeaderInfo): Json {
  return {
    name,
    in: "header",
    required: header.required ?? false,
    description: header.description,
    schema: { type: "string", ...(header.example === undefined ? {} : { examples: [header.example] }) },
  };
}

function requestBody(route: AppRoute, components: SchemaComponents): Json {
  if (!("body" in route) || !isSchema(route.body)) return {};
  const required = !route.body.safeParse(undefined).success;
  return { requestBody: { required, content: jsonContent(route.body, "input", components) } };
}

function responses(route: AppRoute, metadata: RouteMetadata, components: SchemaComponents): Json {
  const answers: Json = {};
  for (const [status, response] of Object.entries(route.responses)) {
    if (Number(status) >= 400) continue;
    answers[status] = {
      description: route.summary ?? "",
      headers: successHeaders(metadata),
      ...responseContent(response, components),
    };
  }
  for (const [status, codes] of errorsByStatus(route, metadata)) {
    answers[String(status)] = {
      description: codes.map((code) => `\`${code}\`: ${errorCodes[code].title}`).join("; "),
      headers: errorHeaders(metadata, status),
      content: {
        "application/problem+json": {
          schema: components.convert(Problem, "output"),
          examples: Object.fromEntries(
            codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
          ),
        },
      },
    };
  }
  return answers;
}

function jsonContent(body: z.ZodType, io: "input" | "output", components: SchemaComponents): Json {
  const schema = components.convert(body, io);
  return { "application/json": { schema, example: exampleOf(schema, components.all()) } };
}

function responseContent(response: unknown, components: SchemaComponents): Json {
  if (isSchema(response)) {
    return { content: jsonContent(response, "output", components) };
  }
  if (typeof response === "object" && response !== null && "contentType" in response) {
    const schema = "body" in response && isSchema(response.body) ? response.body : z.string();
    const text = components.convert(schema, "output");
    return { content: { [String(response.contentType)]: { schema: text, example: exampleOf(text, {}) } } };
  }
  return {};
}
