import type { AttributeReader } from "./attribute-reader.ts";
import { isRecord, parsed } from "./json-values.ts";

/** The parameters of a model call, with the offered tools as `tools`. */
export function modelParameters(attributes: AttributeReader): Record<string, unknown> | undefined {
  const invocation = attributes.value("llm.invocation_parameters");
  const tools = declaredTools(attributes);
  const parameters = {
    ...attributes.below("ai.settings."),
    ...attributes.below("llm.request.parameters."),
    ...(isRecord(invocation) ? invocation : {}),
    ...attributes.below("gen_ai.request."),
    ...(tools.length === 0 ? {} : { tools }),
  };
  return Object.keys(parameters).length === 0 ? undefined : parameters;
}

function declaredTools(attributes: AttributeReader): unknown[] {
  const definitions = [
    attributes.value("gen_ai.tool.definitions"),
    attributes.value("ai.prompt.tools"),
    attributes.list("llm.request.functions"),
    attributes.list("llm.tools").map(openInferenceTool),
  ];
  return definitions
    .filter(Array.isArray)
    .flat()
    .map(parsed)
    .map((tool) =>
      isRecord(tool) && "parameters" in tool ? { ...tool, parameters: parsed(tool["parameters"]) } : tool,
    );
}

function openInferenceTool(item: unknown): unknown {
  const tool = isRecord(item) ? item["tool"] : undefined;
  return isRecord(tool) ? tool["json_schema"] : item;
}
