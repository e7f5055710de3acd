import { createServer } from "node:http";
import type { ProcessMetrics } from "./process-metrics.ts";

/** Serves `/metrics` on a port of its own, which need not be reachable from where the API is. */
export async function startMetricsServer(
  metrics: ProcessMetrics,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ stop(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    if (request.url?.split("?")[0] !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "content-type": "text/plain; version=0.0.4",
      "x-content-type-options": "nosniff",
    });
    response.end(await metrics.text());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, resolve);
  });
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
