import { type Operation, operations, otherNames, otherOperations, schemas } from "./operations.ts";
import { declaration, interfaceText, type JsonSchema, typeText } from "./type-text.ts";

const header = `// Made from the contract by scripts/generate.ts; change the contract, then run: pnpm --filter @pandaprobe/sdk generate\n`;

/** The generated sources, by file name in src/generated. The same contract gives the same text. */
export function generatedFiles(): Record<string, string> {
  const all = operations();
  return {
    "types.ts": typesFile([...all, ...otherOperations()]),
    "routes.ts": routesFile(all),
    "operations.ts": operationsFile(all),
    "other-names.ts": otherNamesFile(),
  };
}

function typesFile(all: readonly Operation[]): string {
  const declarations = new Map(
    Object.entries(schemas).map(([name, schema]) => [name, declaration(name, schema)]),
  );
  for (const operation of all) {
    if (operation.query.length === 0) continue;
    const name = queryName(operation);
    if (declarations.has(name)) throw new Error(`Two types are named ${name}.`);
    const members = operation.query.map(({ name: key, required, description, schema }) => ({
      name: key,
      required,
      description,
      schema,
    }));
    declarations.set(name, interfaceText(name, `The query of \`${operation.id}\`.`, members));
  }
  const sorted = [...declarations].sort(([a], [b]) => (a < b ? -1 : 1));
  return [header, ...sorted.map(([, text]) => text)].join("\n");
}

function routesFile(all: readonly Operation[]): string {
  const described = all.map((operation) => {
    checkRules(operation);
    return { id: operation.id, path: operation.path.replace(/:\w+/g, ":"), kind: kindOf(operation) };
  });
  const types = described.map(({ id, kind, path }) => {
    const [method, ...takes] = kind.split(" ");
    return `  ${id}: ${JSON.stringify([method, path, ...takes]).replaceAll(",", ", ")};\n`;
  });
  const texts = new Map(described.map((route) => [route.id, JSON.stringify(route)]));
  const kinds = new Map<string, string[]>();
  for (const { id, kind, path } of described) {
    const ofTraces = { id: id.replace("Session", "Trace"), path: path.replace("session", "trace"), kind };
    const ofSessions = { id: id.replace("Trace", "Session"), path: path.replace("trace", "session"), kind };
    const isPair =
      ofTraces.id !== ofSessions.id &&
      [ofTraces, ofSessions].every((route) => texts.get(route.id) === JSON.stringify(route));
    if (isPair && id === ofSessions.id) continue;
    const [name, whole] = isPair ? [id.replace("Trace", "$"), path.replace("trace", "$")] : [id, path];
    const short = whole.replace(/^\/evaluations\//, "");
    const lines = kinds.get(kind) ?? [];
    kinds.set(kind, lines);
    lines.push(`    ${name}: ${JSON.stringify(short)},\n`);
  }
  const groups = [...kinds].sort().map(([kind, lines]) => {
    const [method, ...takes] = kind.split(" ").map((part) => JSON.stringify(part));
    return `  [${[method, `{\n${lines.join("")}  }`, ...takes].join(", ")}],\n`;
  });
  return [
    header,
    'import type { ShortRoutes } from "../route.ts";\nimport type { Operations } from "./operations.ts";\n',
    `/** How each operation goes over the wire. */\nexport interface OperationRoutes {\n${types.join("")}}\n`,
    `/**\n * The paths of {@link OperationRoutes} in a short form: by method and what it takes; \`$\` stands for \`Trace\` and\n * \`Session\` in names, and for \`trace\` and \`session\` in paths; one without a slash in front is below \`/evaluations/\`.\n */\nexport const shortRoutes: readonly ShortRoutes<keyof Operations>[] = [\n${groups.join("")}];\n`,
  ].join("\n");
}

/** The route map leaves out what follows from these rules. */
function checkRules(operation: Operation): void {
  const { id, method, body, query, response, streams, takesIdempotencyKey, isProbe } = operation;
  if (takesIdempotencyKey !== (method === "POST"))
    throw new Error(`${id}: an operation takes an Idempotency-Key if, and only if, it is a POST.`);
  if (response === null && method !== "DELETE" && !streams)
    throw new Error(`${id}: only a DELETE may have a response without a body.`);
  if (method === "DELETE" && (body !== null || query.some(({ name }) => name !== "delete_scores")))
    throw new Error(`${id}: a DELETE takes nothing but delete_scores.`);
  if (streams && (body !== null || query.length > 0))
    throw new Error(`${id}: an operation that streams takes no body and no query.`);
  if (isProbe && (method !== "GET" || query.length > 0))
    throw new Error(`${id}: an operation that needs no key is a GET without a query.`);
  if (body !== null && query.length > 0)
    throw new Error(`${id}: an operation takes a body or a query, not both.`);
}

/** The method, and what it takes. */
function kindOf(operation: Operation): string {
  return [operation.method, ...takes(operation)].join(" ");
}

function takes({ method, body, query, response, streams, isProbe }: Operation): string[] {
  if (streams) return ["events"];
  if (isProbe) return ["once"];
  // A DELETE takes its query as an option of the method.
  if (method === "DELETE") return [];
  if (body !== null) return ["body"];
  if (query.length === 0) return [];
  const [{ name, required } = { name: "", required: false }, ...others] = query;
  if (required && others.length === 0) return [name];
  return [isPage(response) ? "page" : "query"];
}

function isPage(response: JsonSchema | null): boolean {
  const name = response?.$ref?.split("/").at(-1) ?? "";
  const { properties = {} } = schemas[name] ?? {};
  return ["items", "total", "limit", "offset"].every((field) => field in properties);
}

function operationsFile(all: readonly Operation[]): string {
  const imports = new Set<string>();
  const typeOf = (operation: Operation, part: "body" | "response"): string => {
    const schema = operation[part];
    if (schema === null) return "undefined";
    const text = typeText(schema);
    for (const name of text.match(/[A-Z]\w*/g) ?? []) imports.add(name);
    return text;
  };
  const entries = all.map((operation) => {
    const query = operation.query.length === 0 ? "undefined" : queryName(operation);
    if (query !== "undefined") imports.add(query);
    const types = `query: ${query}; body: ${typeOf(operation, "body")}; response: ${typeOf(operation, "response")}`;
    return `  ${operation.id}: { ${types} };\n`;
  });
  const names = [...imports].sort().map((name) => `  ${name},\n`);
  return [
    header,
    `import type {\n${names.join("")}} from "./types.ts";\n`,
    `/** The types of each operation. */\nexport interface Operations {\n${entries.join("")}}\n`,
  ].join("\n");
}

function otherNamesFile(): string {
  const union = otherNames.map((name) => `  | ${JSON.stringify(name)}`).join("\n");
  return [
    header,
    `/** The operations that the main client has no method for. */\nexport type OtherOperationName =\n${union};\n`,
  ].join("\n");
}

function queryName(operation: Operation): string {
  return `${operation.id.charAt(0).toUpperCase()}${operation.id.slice(1)}Query`;
}
