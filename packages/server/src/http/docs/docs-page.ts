/** Where the files of the page are served. */
export const docsAssetsPrefix = "/docs/assets/";

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
      .swagger-ui .topbar { display: none; }
    </style>
  </head>
  <body>
    <div id="reference"></div>
    <script src="${docsAssetsPrefix}swagger-ui-bundle.js"></script>
    <script>
      SwaggerUIBundle({
        url: "/openapi.json",
        dom_id: "#reference",
        deepLinking: true,
        docExpansion: "list",
        defaultModelsExpandDepth: 0,
        displayRequestDuration: true,
        persistAuthorization: true,
        tryItOutEnabled: true,
        validatorUrl: null,
      });
    </script>
  </body>
</html>
`;
