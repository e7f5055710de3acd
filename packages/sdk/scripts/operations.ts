import { contract, openApiDocument, otlpRoutes, type RouteMetadata } from "@pandaprobe/contract";
import type { JsonSchema } from "./type-text.ts";

/** Operations without a method: endpoints for a scraper or a browser. */
export const operationsWithoutMethod: readonly string[] = ["getMetrics", "getOpenApi", "getDocs"];

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

/** An operation of the contract, with the types in its OpenAPI description. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  /** With `:name` in place of a parameter. */
  readonly path: string;
  readonly query: readonly Parameter[];
  /** `null` if it takes none. */
  readonly body: JsonSchema | null;
  readonly status: number;
  /** `null` if the response has no body, or is a stream. */
  readonly response: JsonSchema | null;
  /** Whether it responds with a stream of events. */
  readonly streams: boolean;
  readonly takesIdempotencyKey: boolean;
  /** Whether it needs no key: a probe of the server's health. */
  readonly isProbe: boolean;
}

interface OpenApiOperation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

const document = openApiDocument("0") as unknown as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
};

/** The named schemas of the contract. */
export const schemas = document.components.schemas;

/** The operations of each entry point with a client of its own, which the main client does not have. */
export const ownEntryPoints = {
  admin: operationsOf("projects", "apiKeys", "auditLog", "settings"),
  metrics: operationsOf("ownMetrics"),
  review: [
    ...operationsOf("agreements", "comparisons"),
    "getTraceScoreJudgement",
    "createSessionScore",
    "updateSessionScore",
    "getSessionScoreRevisions",
    ...operationsOf("spanScores", "reviewQueues", "reviewItems"),
  ],
} as const satisfies Record<string, readonly string[]>;

function operationsOf(...groups: (keyof typeof contract)[]): readonly string[] {
  return groups.flatMap((group) => Object.keys(contract[group]));
}

const elsewhere = Object.values(ownEntryPoints).flat();

/** The operations that the main client has no method for. */
export const otherNames: readonly string[] = [
  ...elsewhere,
  ...operationsWithoutMethod,
  ...Object.keys(otlpRoutes),
];

/** The operations of the main client, in the contract's order. */
export function operations(): Operation[] {
  return describedOperations().filter(({ id }) => !elsewhere.includes(id));
}

/** The operations of other entry points. @param entryPoint Default: all. */
export function otherOperations(entryPoint?: keyof typeof ownEntryPoints): Operation[] {
  const ids = entryPoint === undefined ? elsewhere : ownEntryPoints[entryPoint];
  return describedOperations().filter(({ id }) => ids.includes(id));
}

function describedOperations(): Operation[] {
  const described = new Map(
    Object.values(document.paths)
      .flatMap((path) => Object.values(path))
      .map((operation) => [operation.operationId, operation]),
  );
  return Object.values(contract)
    .flatMap((group) => Object.entries(group))
    .filter(([id]) => !operationsWithoutMethod.includes(id))
    .map(([id, route]) => {
      const description = described.get(id);
      if (description === undefined) throw new Error(`${id} is missing from the OpenAPI document.`);
      const metadata = route.metadata as RouteMetadata;
      const [status, content] = success(id, description);
      return {
        id,
        method: route.method,
        path: route.path,
        query: (description.parameters ?? []).filter((parameter) => parameter.in === "query"),
        body: json(description.requestBody?.content),
        status,
        response: json(content),
        streams: content !== undefined && "text/event-stream" in content,
        takesIdempotencyKey: "Idempotency-Key" in (metadata.requestHeaders ?? {}),
        isProbe: metadata.scope === null,
      };
    });
}

function success(id: string, { responses }: OpenApiOperation): [number, Content | undefined] {
  const [found, ...more] = Object.entries(responses).filter(([status]) => Number(status) < 300);
  if (found === undefined || more.length > 0)
    throw new Error(`${id} must have exactly one successful response.`);
  return [Number(found[0]), found[1].content];
}

function json(content: Content | undefined): JsonSchema | null {
  return content?.["application/json"]?.schema ?? null;
}
