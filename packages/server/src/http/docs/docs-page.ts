/** Where the files of the page are served. */
export const docsAssetsPrefix = "/docs/assets/";
export const docsScriptPath = "/docs/reference.js";

/** The browser itself sees to it that the page loads nothing from elsewhere, and sends nothing there. */
export const docsPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // Swagger UI styles its elements one by one, and draws its icons inline.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The reference: Swagger UI over this server's own OpenAPI document. Everything it loads comes from this server. */
export const docsPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>PandaProbe evaluation API</title>
    <link rel="icon" type="image/png" href="${docsAssetsPrefix}favicon-32x32.png" />
    <link rel="stylesheet" href="${docsAssetsPrefix}swagger-ui.css" />
    <style>
      body { margin: 0; }
      .swagger-ui .scheme-container { box-shadow: none; padding: 0 0 16px; }
    </style>
  </head>
  <body>
    <div id="reference"></div>
    <noscript>This reference needs JavaScript; <a href="/openapi.json">the document</a> it shows does not.</noscript>
    <script src="${docsAssetsPrefix}swagger-ui-bundle.js"></script>
    <script src="${docsScriptPath}"></script>
  </body>
</html>
`;

/** Starts the page. Credentials are forgotten with the page: what a browser keeps, any script of this origin can read. */
export const docsScript = `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  defaultModelRendering: "example",
  displayOperationId: true,
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;
