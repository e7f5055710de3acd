import type { AvailableTool } from "../../../metrics/reading/available-tools.ts";
import { stems } from "../compare/stems.ts";

/** Words of many tool names that do not tell what the tool is about. */
const GENERIC = stems(
  "get set list find search look lookup fetch read write run check create make update delete send call tool function api data item value query",
);

/** What a tool is about, by its name and description. */
export function toolStems({ name, description }: AvailableTool): Set<string> {
  const words = name.replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, " ");
  return stems(`${words} ${description}`).difference(GENERIC);
}
