import { contract } from "@pandaprobe/contract";
import type { AppRoute } from "@ts-rest/core";
import { z } from "zod";
import { operationOf } from "../../support/check-answer.ts";
import { pathOf } from "../support/operations.ts";
import { queryText } from "../support/query-text.ts";
import { type Ids, KnownId, type KnownThings } from "./known-things.ts";
import type { CredentialFault, Recipe } from "./recipe.ts";

/** What the contract says about a request; `undefined` if the contract does not decide. */
export type Verdict = "taken" | "refused" | undefined;

export interface FuzzRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly verdict: Verdict;
}

const routes = new Map(
  Object.values(contract).flatMap((group) => Object.entries(group) as [string, AppRoute][]),
);

/** Used in place of an id that is not known yet. */
const unknownId = "0198c0de-0000-7000-8000-000000000000";

/** Makes the request of a recipe with the ids that are known by now. */
export function requestOf(recipe: Recipe, things: KnownThings): FuzzRequest {
  const { operation } = recipe;
  const path = pathIds(recipe, things);
  const query = recipe.query.map(([name, value]): [string, string] => [
    name,
    String(resolved(value, things, name)),
  ]);
  const body = recipe.body === undefined ? undefined : resolved(recipe.body, things, "");
  const json = body === undefined ? undefined : JSON.stringify(body);
  const text = json === undefined ? undefined : (recipe.rewrite?.(json) ?? json);
  const search = queryText(query) + recipe.queryTail;
  const url = pathOf(operation, (name) => path[name] ?? unknownId) + (search === "" ? "" : `?${search}`);
  return {
    method: operation.method,
    url,
    headers: {
      ...(recipe.contentType === undefined || text === undefined
        ? {}
        : { "content-type": recipe.contentType }),
      ...recipe.headers,
      ...faulty(recipe.fault),
    },
    body: text,
    verdict: verdictOn(recipe, url, { path, query, body, text }),
  };
}

function pathIds({ path, operation }: Recipe, things: KnownThings): Ids {
  if (!(path instanceof KnownId)) return path;
  const ids = things.find(path.kind, path.index) ?? {};
  const last = operation.parameters.at(-1) ?? "";
  return "id" in ids ? { ...ids, [last]: ids["id"] ?? unknownId } : ids;
}

function resolved(value: unknown, things: KnownThings, field: string): unknown {
  if (value instanceof KnownId) {
    const ids = things.find(value.kind, value.index) ?? {};
    return ids[field.replace(/s$/, "")] ?? ids["id"] ?? Object.values(ids).at(-1) ?? unknownId;
  }
  if (Array.isArray(value)) return value.map((item) => resolved(item, things, field));
  if (typeof value !== "object" || value === null) return value;
  // A body that names a span and its trace names the trace of that span.
  const span = "span_id" in value && value.span_id instanceof KnownId ? { trace_id: value.span_id } : {};
  const linked = "trace_id" in value ? { ...value, ...span } : value;
  return Object.fromEntries(Object.entries(linked).map(([key, item]) => [key, resolved(item, things, key)]));
}

function faulty(fault: CredentialFault | undefined): Record<string, string> {
  switch (fault) {
    case "no key":
      return { "x-api-key": "" };
    case "wrong key":
      return { "x-api-key": `sk_pp_${"0".repeat(64)}` };
    case "no project":
      return { "x-project-name": "" };
    case "bad project":
      return { "x-project-name": "../admin" };
    case undefined:
      return {};
  }
}

interface Parts {
  readonly path: Ids;
  readonly query: readonly [string, string][];
  readonly body: unknown;
  readonly text: string | undefined;
}

function verdictOn(recipe: Recipe, url: string, parts: Parts): Verdict {
  const { operation } = recipe;
  // `/trace-runs/template` is another operation's path.
  if (operationOf(operation.method, url)?.id !== operation.id) return undefined;
  if (recipe.fault !== undefined) return "refused";
  if (recipe.queryTail !== "" || (recipe.rewrite !== undefined && parts.text !== undefined)) return undefined;
  if (recipe.contentType !== "application/json" && parts.text !== undefined) return undefined;
  const route = routes.get(operation.id);
  const path = Object.fromEntries(operation.parameters.map((name) => [name, parts.path[name] ?? unknownId]));
  const isTaken =
    takes(route?.pathParams, path) &&
    takes(route?.query, queryObject(parts.query)) &&
    (!operation.takesBody ||
      takes(route !== undefined && "body" in route ? route.body : null, parsedBody(parts.text)));
  return isTaken ? "taken" : "refused";
}

/** The body as the server reads it: JSON has neither `-0` nor `undefined`. */
function parsedBody(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}

function takes(schema: unknown, value: unknown): boolean {
  return !(schema instanceof z.ZodType) || schema.safeParse(value).success;
}

function queryObject(pairs: readonly (readonly [string, string])[]): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {};
  for (const [name, value] of pairs) {
    const before = values[name];
    values[name] = before === undefined ? value : [before, value].flat();
  }
  return values;
}

/** The request as a command to repeat it by hand. */
export function curlText(
  request: FuzzRequest,
  server: { url: string; apiKey: string; project: string },
): string {
  const headers = { "x-api-key": server.apiKey, "x-project-name": server.project, ...request.headers };
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  return [
    `curl -i -X ${request.method} ${quoted(server.url + request.url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(request.body === undefined ? [] : [`--data-binary ${quoted(request.body)}`]),
  ].join(" \\\n  ");
}
