import { type contract, openApiDocument } from "@pandaprobe/contract";
import type { Handlers } from "../operation-handler.ts";

const ok = { status: "ok" } as const;

export const operations: Handlers<typeof contract.operations> = {
  getHealth: () => ok,
  getReadiness: () => ok,
  getMetrics: () => text("text/plain; version=0.0.4", "# TYPE process_cpu_seconds_total counter\n"),
  getOpenApi: () => openApiDocument("test"),
  getDocs: () => text("text/html; charset=utf-8", "<!doctype html><title>PandaProbe</title>\n"),
};

function text(contentType: string, body: string): Response {
  return new Response(body, { headers: { "content-type": contentType } });
}
