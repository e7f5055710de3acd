import type { AddressInfo } from "node:net";
import { openApiDocument } from "@pandaprobe/contract";
import fastify, { type FastifyInstance } from "fastify";
import { docsPage, docsPolicy, registerDocs } from "./docs.ts";
import { registerHeaders, requestId } from "./headers.ts";
import { registerProblems } from "./problems.ts";
import type { ProcessMetrics } from "./process-metrics.ts";

/** A port of its own, `off`, or `null` for the API's port. */
export type OperationsPort = number | "off" | null;

export interface OperationsSettings {
  /** The API's address; the ports below are opened on the same one. */
  readonly host: string;
  /** Of `/metrics`. */
  readonly metricsPort: OperationsPort;
  /** Of `/docs` and `/openapi.json`. */
  readonly docsPort: OperationsPort;
}

export interface OperationsServers {
  /** The ports that were opened. */
  readonly ports: readonly number[];
  stop(): Promise<void>;
}

/** Serves metrics and the reference on ports that clients of the API need not reach. They may share one. */
export async function startOperationsServers(
  { metrics, version }: { readonly metrics: ProcessMetrics; readonly version: string },
  { host, metricsPort, docsPort }: OperationsSettings,
): Promise<OperationsServers> {
  const servers: FastifyInstance[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.close()));
  };
  try {
    for (const port of new Set([metricsPort, docsPort])) {
      if (typeof port !== "number") continue;
      const server = fastify({ genReqId: requestId, requestIdHeader: false, forceCloseConnections: true });
      servers.push(server);
      registerHeaders(server);
      registerProblems(server);
      if (port === metricsPort) serveMetrics(server, metrics);
      if (port === docsPort) serveDocs(server, version);
      await server.listen({ host, port });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { ports: servers.map(({ server }) => (server.address() as AddressInfo).port), stop };
}

function serveMetrics(app: FastifyInstance, metrics: ProcessMetrics): void {
  app.get("/metrics", async (_request, reply) =>
    reply.type("text/plain; version=0.0.4").send(await metrics.text()),
  );
}

function serveDocs(app: FastifyInstance, version: string): void {
  // The API is not on this port, so the page cannot send requests to it.
  registerDocs(app, { sendsRequests: false });
  app.get("/openapi.json", async () => openApiDocument(version));
  app.get("/docs", async (_request, reply) =>
    reply.header("content-security-policy", docsPolicy).type("text/html; charset=utf-8").send(docsPage),
  );
}
