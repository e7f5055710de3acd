import { isRecord, parseIfJson } from "./json.ts";
import { oncePerTrace } from "./once-per-trace.ts";

/** A tool that the agent could have called. */
export interface AvailableTool {
  readonly name: string;
  readonly description: string;
  /** The JSON schema of its parameters, if it was declared with one. */
  readonly schema: Readonly<Record<string, unknown>> | null;
}

const TOOL_LIST_KEYS = ["tools", "available_tools", "functions"] as const;

/**
 * The tools that a trace declares, each name once with its fullest declaration. Looks in the `model_parameters`,
 * metadata and input of spans, and in the metadata and input of the trace. Understands the formats of OpenAI (Chat
 * and Responses), Anthropic, Gemini and MCP, maps by name, and bare names.
 */
export const readAvailableTools = oncePerTrace((trace): readonly AvailableTool[] => {
  const places = [
    trace.metadata,
    trace.input,
    ...trace.spans.flatMap((span) => [span.model_parameters, span.metadata, span.input]),
  ];
  const tools = new Map<string, AvailableTool>();
  const read = new Set<unknown>();
  for (const place of places) {
    if (!isRecord(place)) continue;
    for (const key of TOOL_LIST_KEYS) {
      const list = parseIfJson(place[key]);
      if (read.has(list)) continue;
      read.add(list);
      for (const tool of readTools(list)) {
        const known = tools.get(tool.name);
        if (known === undefined || (known.schema === null && tool.schema !== null))
          tools.set(tool.name, tool);
      }
    }
  }
  return [...tools.values()];
});

function readTools(list: unknown): AvailableTool[] {
  if (Array.isArray(list)) return list.flatMap(readTool);
  if (!isRecord(list)) return [];
  // Gemini nests its declarations; the AI SDK has a map by name.
  if (declarations(list) !== undefined) return readTool(list);
  return Object.entries(list).flatMap(([name, tool]) => (isRecord(tool) ? readTool({ ...tool, name }) : []));
}

function readTool(value: unknown): AvailableTool[] {
  if (typeof value === "string") return value === "" ? [] : [{ name: value, description: "", schema: null }];
  if (!isRecord(value)) return [];
  const nested = declarations(value);
  if (nested !== undefined) return nested.flatMap(readTool);
  const tool = isRecord(value["function"]) ? value["function"] : value;
  const { name, description } = tool;
  if (typeof name !== "string" || name === "") return [];
  const schema = [
    "parameters",
    "input_schema",
    "inputSchema",
    "parametersJsonSchema",
    "args_schema",
    "schema",
  ]
    .map((key) => tool[key])
    .find(isRecord);
  return [{ name, description: typeof description === "string" ? description : "", schema: schema ?? null }];
}

function declarations(value: Readonly<Record<string, unknown>>): unknown[] | undefined {
  const list = value["functionDeclarations"] ?? value["function_declarations"];
  return Array.isArray(list) ? list : undefined;
}
