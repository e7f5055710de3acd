import { createRequire } from "node:module";
import path from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

const assetsPrefix = "/docs/assets/";
const scriptPath = "/docs/reference.js";

/** Makes the browser enforce that the page loads nothing from other hosts and sends nothing to them. */
export const docsPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // Swagger UI sets styles inline, and draws its icons as data URLs.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The API reference: Swagger UI with this server's OpenAPI document. Everything it loads comes from this server. */
export const docsPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>PandaProbe evaluation API</title>
    <link rel="icon" type="image/png" href="${assetsPrefix}favicon-32x32.png" />
    <link rel="stylesheet" href="${assetsPrefix}swagger-ui.css" />
    <style>
      body { margin: 0; }
      .swagger-ui .scheme-container { box-shadow: none; padding: 0 0 16px; }
    </style>
  </head>
  <body>
    <div id="reference"></div>
    <noscript>This reference needs JavaScript; <a href="/openapi.json">its OpenAPI document</a> does not.</noscript>
    <script src="${assetsPrefix}swagger-ui-bundle.js"></script>
    <script src="${scriptPath}"></script>
  </body>
</html>
`;

/** Starts Swagger UI. It keeps credentials in memory only: any script of the origin could read a browser's storage. */
const docsScript = (sendsRequests: boolean) => `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  defaultModelRendering: "example",
  displayOperationId: true,
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: ${sendsRequests},
${sendsRequests ? "" : "  supportedSubmitMethods: [],\n"}  validatorUrl: null,
});
`;

/**
 * Serves the page's files. Swagger UI comes from the installed package, so the reference works without a network.
 *
 * @param options.sendsRequests whether the page offers to call the API, which must then be on the same port.
 */
export function registerDocs(
  app: FastifyInstance,
  { sendsRequests }: { readonly sendsRequests: boolean },
): void {
  const swaggerUi = path.dirname(createRequire(import.meta.url).resolve("@fastify/swagger-ui"));
  app.register(fastifyStatic, {
    root: path.join(swaggerUi, "static"),
    prefix: assetsPrefix,
    decorateReply: false,
    index: false,
    maxAge: "1h",
    setHeaders: (response) => response.header("content-security-policy", docsPolicy),
  });
  app.get(scriptPath, async (_request, reply) =>
    reply.type("text/javascript; charset=utf-8").send(docsScript(sendsRequests)),
  );
}
