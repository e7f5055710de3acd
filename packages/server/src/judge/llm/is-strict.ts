/**
 * Whether a JSON schema keeps the rules of OpenAI's strict mode: every object is closed and requires all its properties.
 * Any other schema is still sent, without asking for strictness, and the answer is checked on return as always.
 */
export function isStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrict);
  if (typeof schema !== "object" || schema === null) return true;
  if ("type" in schema && schema.type === "object") {
    const properties = "properties" in schema ? Object.keys(schema.properties ?? {}) : [];
    const required = "required" in schema && Array.isArray(schema.required) ? schema.required : [];
    const closed = "additionalProperties" in schema && schema.additionalProperties === false;
    if (!closed || !properties.every((property) => required.includes(property))) return false;
  }
  return Object.values(schema).every(isStrict);
}
