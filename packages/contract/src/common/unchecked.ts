import { z } from "zod";

/**
 * Takes any value, and is described as the named schema: for values that are read one by one later, so that a wrong one
 * spoils none of the others.
 */
export function unchecked<Schema extends z.ZodType>(schema: Schema) {
  const id = z.globalRegistry.get(schema)?.id;
  if (id === undefined) throw new Error("Only a schema that has a name can be referred to.");
  return z.custom<z.input<Schema>>(() => true).meta({ $ref: `#/$defs/${id}` });
}
