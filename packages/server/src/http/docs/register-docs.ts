import { createRequire } from "node:module";
import path from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { docsAssetsPrefix, docsPolicy, docsScript, docsScriptPath } from "./docs-page.ts";

/** Serves Swagger UI's files from the installed package, so that the reference works without a network. */
export function registerDocs(app: FastifyInstance): void {
  const swaggerUi = path.dirname(createRequire(import.meta.url).resolve("@fastify/swagger-ui"));
  app.register(fastifyStatic, {
    root: path.join(swaggerUi, "static"),
    prefix: docsAssetsPrefix,
    decorateReply: false,
    index: false,
    maxAge: "1h",
    setHeaders: (response) => response.header("content-security-policy", docsPolicy),
  });
  app.get(docsScriptPath, async (_request, reply) =>
    reply.type("text/javascript; charset=utf-8").send(docsScript),
  );
}
