import { openApiDocument } from "@pandaprobe/contract";

export interface Header {
  readonly description: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface DescribedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean };
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly headers: Readonly<Record<string, Header>>;
        readonly content?: Readonly<Record<string, { readonly schema: object }>>;
      }
    >
  >;
}

export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly security: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, { readonly in: string; readonly name: string }>>;
    readonly schemas: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
}

/** As a client reads it: JSON and nothing more. */
export const document = JSON.parse(JSON.stringify(openApiDocument("1.2.3"))) as OpenApi;

export interface Described {
  readonly path: string;
  readonly method: string;
  readonly operation: DescribedOperation;
}

export const described: readonly Described[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

export function describedAs(operationId: string): Described {
  const found = described.find(({ operation }) => operation.operationId === operationId);
  if (found === undefined) throw new Error(`The document has no operation ${operationId}.`);
  return found;
}
