import type { FastifyInstance } from "fastify";
import { storableText } from "../db/storable.ts";

/** `%00` in a path or query is stored text like any other: what could not be stored is read as U+FFFD, as in bodies. */
export function registerStorableParameters(app: FastifyInstance): void {
  app.addHook("preValidation", async (request) => {
    request.params = storableValues(request.params);
    request.query = storableValues(request.query);
  });
}

function storableValues(values: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => [
      name,
      typeof value === "string"
        ? storableText(value)
        : Array.isArray(value)
          ? value.map(String).map(storableText)
          : value,
    ]),
  );
}
