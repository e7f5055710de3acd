import type { FastifyInstance } from "fastify";
import { storableText } from "../db/storable.ts";

/** Reads characters in paths and queries that cannot be stored, such as `%00`, as U+FFFD, as in bodies. */
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
