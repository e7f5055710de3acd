import { toText } from "../to-text.ts";
import { isRecord } from "./json.ts";
import { readMessages } from "./messages.ts";

/**
 * What a turn itself says, whatever recorded it: the last message of this role if the value is a conversation, the only field
 * if the value is one text in an object, else the whole value.
 */
export function turnText(value: unknown, role: "user" | "assistant"): string {
  const said = readMessages(value).findLast((message) => message.role === role && message.text.trim() !== "");
  if (said !== undefined) return said.text;
  const [only, ...others] = isRecord(value) ? Object.values(value) : [];
  return typeof only === "string" && others.length === 0 ? only : toText(value);
}
