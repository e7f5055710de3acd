import { z } from "zod";

/**
 * Accepts any value, but is documented as the named schema. For values that are validated one by one later, so that an
 * invalid one does not affect the others.
 */
export function unchecked<Schema extends z.ZodType>(schema: Schema) {
  const id = z.globalRegistry.get(schema)?.id;
  if (id === undefined) throw new Error("Only a named schema can be referenced.");
  return z.custom<z.input<Schema>>(() => true).meta({ $ref: `#/$defs/${id}` });
}
