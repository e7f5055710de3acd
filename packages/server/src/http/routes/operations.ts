import { contract, openApiDocument } from "@pandaprobe/contract";
import { ProblemError } from "@pandaprobe/contract/rules";
import { initServer } from "@ts-rest/fastify";
import type { HttpContext } from "../context.ts";
import { docsPage, docsPolicy } from "../docs.ts";

export function operationRoutes({ isReady, version, metrics }: HttpContext) {
  // Built when it is first read: most processes never serve it.
  let document: ReturnType<typeof openApiDocument> | undefined;
  return initServer().router(contract.operations, {
    getHealth: async () => ({ status: 200, body: { status: "ok" } }),
    getReadiness: async () => {
      if (await isReady()) return { status: 200, body: { status: "ok" } };
      throw new ProblemError(
        "unavailable",
        "The database cannot be reached or is not migrated, or the server is stopping.",
        {
          retryAfterSeconds: 1,
        },
      );
    },
    getMetrics: async () => ({ status: 200, body: await metrics.text() }),
    getOpenApi: async () => {
      document ??= openApiDocument(version);
      return { status: 200, body: document };
    },
    getDocs: async ({ reply }) => {
      reply.header("content-security-policy", docsPolicy);
      return { status: 200, body: docsPage };
    },
  });
}
