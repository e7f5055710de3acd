import type { otlpRoutes } from "@pandaprobe/contract";
import type { OtlpReceipt } from "@pandaprobe/contract/rules";
import type { FastifyRequest } from "fastify";
import type { DecodedProjectLogs } from "../../compute/otlp/decode-logs.ts";
import type { OtlpBody } from "../../compute/otlp/read-body.ts";
import { storeOtelEvents } from "../../features/otel-events/store-otel-events.ts";
import { storeMessages } from "../../features/traces/store-messages.ts";
import { storeOtlpTraces } from "../../features/traces/store-otlp-traces.ts";
import { keyOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";
import { namedProject, storeInProjects } from "./in-projects.ts";

/** Stores what a request holds. It is durable when this returns. */
type Receive = (context: HttpContext, request: FastifyRequest, body: OtlpBody) => Promise<OtlpReceipt>;

/** What receives the requests of each route. */
export const receivers: { readonly [Name in keyof typeof otlpRoutes]: Receive } = {
  async exportTraces(context, request, body) {
    const task = { ...body, project: namedProject(request) };
    const decoded = await context.intake.decodeTraces(task, keyOf(request).apiKeyId, request.gone);
    const shares = decoded.projects.map(({ name, traces }) => ({ name, items: traces }));
    const store = async (projectId: string, traces: (typeof shares)[number]["items"]) => {
      const { spans, reasons } = await storeOtlpTraces(context.db, projectId, traces);
      return { rejected: spans, reasons };
    };
    const storing = { quota: "traces", count: ({ spans }: { spans: number }) => spans, store } as const;
    return storeInProjects(context, request, shares, storing, decoded);
  },
  async exportLogs(context, request, body) {
    const task = { ...body, project: namedProject(request) };
    const decoded = await context.intake.decodeLogs(task, keyOf(request).apiKeyId, request.gone);
    const shares = decoded.projects.map((logs) => ({ name: logs.name, items: [logs] }));
    const count = ({ events, messages }: DecodedProjectLogs) => events.length + messages.length;
    const store = async (projectId: string, all: readonly DecodedProjectLogs[]) => {
      const scored = await storeOtelEvents(
        context.db,
        projectId,
        all.flatMap(({ events }) => events),
      );
      const filled = await storeMessages(
        context.db,
        projectId,
        all.flatMap(({ messages }) => messages),
      );
      return { rejected: scored.rejected + filled.rejected, reasons: [...scored.reasons, ...filled.reasons] };
    };
    return storeInProjects(context, request, shares, { quota: "bytes", count, store }, decoded);
  },
};
