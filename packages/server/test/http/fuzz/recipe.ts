import fc from "fast-check";
import { isNightly } from "../../support/nightly.ts";
import type { Operation } from "../support/operations.ts";
import { hostileJson, hostileText } from "./hostile.ts";
import { type DescribedParameter, describedOperations } from "./json-schema.ts";
import { KnownId, kindOf } from "./known-things.ts";
import { mutated, mutation } from "./mutation.ts";
import { type Place, validValue } from "./valid-value.ts";

export const credentialFaults = ["no key", "wrong key", "no project", "bad project"] as const;
export type CredentialFault = (typeof credentialFaults)[number];

/** A generated request. Ids that are known only when it is sent are {@link KnownId}s. */
export interface Recipe {
  readonly operation: Operation;
  /** The index of the project. */
  readonly project: number;
  /** By the name of the parameter; one {@link KnownId} stands for all of them. */
  readonly path: KnownId | Readonly<Record<string, string>>;
  readonly query: readonly (readonly [string, unknown])[];
  /** Appended to the query unchanged. */
  readonly queryTail: string;
  readonly body: unknown;
  readonly rewrite: ((json: string) => string) | undefined;
  readonly contentType: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly fault: CredentialFault | undefined;
}

/** Few in the short form, because each project knows only its own things. */
export const projectNames = isNightly ? ["one", "two", "three", "four", "five", "six"] : ["one", "two"];
/** The percentage of requests in which a part is made invalid. */
const spoilt = 15;

/** Requests for one operation, most of them valid. */
export function recipeFor(operation: Operation): fc.Arbitrary<Recipe> {
  const described = describedOperations.get(operation.id);
  const parameters = described?.parameters ?? [];
  const schema = described?.requestBody?.content["application/json"]?.schema;
  const place: Place = { field: "", path: operation.path };
  const validBody = schema === undefined ? fc.constant(undefined) : validValue(schema, place);
  const isBodyOptional = described?.requestBody?.required !== true;
  const parts = fc.record({
    operation: fc.constant(operation),
    project: fc.nat(projectNames.length - 1),
    path: pathValues(operation),
    query: queryPairs(parameters, place),
    queryTail: rarely(
      "",
      fc.constantFrom("&&==", "&%zz", "&a[b]=c", "&limit", "&__proto__=1", "&limit=1&limit=2"),
    ),
    body:
      schema === undefined
        ? // A body that the operation does not take; `fetch` cannot send one with GET.
          operation.method === "GET"
          ? fc.constant(undefined)
          : rarely(undefined, fc.jsonValue({ maxDepth: 1 }))
        : fc.oneof(
            { weight: 12, arbitrary: validBody },
            { weight: 6, arbitrary: fc.tuple(validBody, mutation).map(([body, by]) => mutated(body, by)) },
            { weight: isBodyOptional ? 4 : 1, arbitrary: fc.constant(undefined) },
          ),
    rewrite: rarely(undefined, hostileJson),
    contentType: rarely(
      "application/json",
      fc.constantFrom(
        undefined,
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        ";",
      ),
    ),
    headers: headerValues(parameters),
    fault:
      operation.metadata.scope !== null
        ? rarely(undefined, fc.constantFrom(...credentialFaults), 4)
        : fc.constant(undefined),
  });
  // A failure shows the request itself. Its parts would be too long.
  return parts.map((recipe) => ({ ...recipe, [fc.toStringMethod]: () => `a request for ${operation.id}` }));
}

function rarely<Usual, Rare>(
  usual: Usual,
  rare: fc.Arbitrary<Rare>,
  percent = 6,
): fc.Arbitrary<Usual | Rare> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 100 - percent, arbitrary: fc.constant(usual) },
    { weight: percent, arbitrary: rare },
  );
}

function pathValues(operation: Operation): fc.Arbitrary<Recipe["path"]> {
  const last = operation.parameters.at(-1);
  if (last === undefined) return fc.constant({});
  const kind = kindOf(last, operation.path) ?? last;
  const free = fc.record(
    Object.fromEntries(operation.parameters.map((name) => [name, fc.oneof(fc.uuid(), pathText)])) as Record<
      string,
      fc.Arbitrary<string>
    >,
  );
  // The newest things are the least likely to be deleted by now.
  const known = fc.oneof(fc.nat(1), fc.nat(29)).map((index) => new KnownId(kind, index));
  return fc.oneof({ weight: 100 - 2 * spoilt, arbitrary: known }, { weight: 2 * spoilt, arbitrary: free });
}

/** Without empty segments and dots, which `fetch` would drop or resolve. */
const pathText = hostileText
  .map((text) => text.toWellFormed())
  .filter((text) => text !== "" && text !== "." && text !== ".." && text.length < 1000);

function queryPairs(parameters: readonly DescribedParameter[], place: Place): fc.Arbitrary<Recipe["query"]> {
  const inQuery = parameters.filter((parameter) => parameter.in === "query");
  if (inQuery.length === 0) return rarely([], fc.constant([["unknown", "x"]] as const));
  return fc.tuple(...inQuery.map((parameter) => oneParameter(parameter, place))).map((pairs) => pairs.flat());
}

function oneParameter(
  { name, required, schema }: DescribedParameter,
  place: Place,
): fc.Arbitrary<[string, unknown][]> {
  const valid = validValue(schema, { ...place, field: name }).map((value) =>
    [value].flat().map((item): [string, unknown] => [name, item]),
  );
  const hostile = hostileText.map((text): [string, unknown][] => [[name, text]]);
  return fc.oneof(
    { withCrossShrink: true },
    { weight: required ? 1 : 40, arbitrary: fc.constant<[string, unknown][]>([]) },
    { weight: 50, arbitrary: valid },
    { weight: 2, arbitrary: hostile },
    { weight: 1, arbitrary: fc.tuple(valid, valid).map((pair) => pair.flat()) },
  );
}

/** Text that a header can contain; other text could not be sent. */
const headerText = hostileText.filter((text) => /^[\x21-\x7e]([\x20-\x7e]{0,300}[\x21-\x7e])?$/.test(text));

function headerValues(parameters: readonly DescribedParameter[]): fc.Arbitrary<Record<string, string>> {
  const known = parameters
    .filter((parameter) => parameter.in === "header")
    .map(({ name }): [string, fc.Arbitrary<string>] => [
      name,
      name === "Prefer"
        ? fc.constantFrom("wait=0", "wait=1", "wait=99999999999", "return=minimal")
        : headerText,
    ]);
  return fc
    .record(Object.fromEntries(known.map(([name, value]) => [name, rarely("", value, spoilt)])))
    .map((headers) => Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== "")));
}
