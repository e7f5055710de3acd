import type { otlpRoutes } from "@pandaprobe/contract";
import type { OtlpReceipt } from "@pandaprobe/contract/rules";
import type { FastifyRequest } from "fastify";
import type { DecodedProjectLogs } from "../../compute/otlp/decode-logs.ts";
import type { DecodedProject } from "../../compute/otlp/decode-traces.ts";
import type { OtlpBody } from "../../compute/otlp/read-body.ts";
import { storeOtelEvents } from "../../features/otel-events/store-otel-events.ts";
import { storeMessages } from "../../features/traces/store-messages.ts";
import { storeOtlpTraces } from "../../features/traces/store-otlp-traces.ts";
import { keyOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";
import { namedProject, type Storing, storeInProjects } from "./in-projects.ts";

/** Stores the items of a request. They are durable when this returns. */
type Receive = (context: HttpContext, request: FastifyRequest, body: OtlpBody) => Promise<OtlpReceipt>;

/** The receivers of each route's requests. */
export const receivers: { readonly [Name in keyof typeof otlpRoutes]: Receive } = {
  async exportTraces(context, request, body) {
    const task = { ...body, project: namedProject(request) };
    const decoded = await context.intake.decodeTraces(task, keyOf(request).apiKeyId, request.gone);
    const storing: Storing<DecodedProject> = {
      quota: "traces",
      count: ({ traces }) => traces.reduce((sum, { spanIds }) => sum + spanIds.length, 0),
      store: (projectId, project) => storeOtlpTraces(context.db, projectId, project),
    };
    return storeInProjects(context, request, decoded.projects, storing, decoded);
  },
  async exportLogs(context, request, body) {
    const task = { ...body, project: namedProject(request) };
    const decoded = await context.intake.decodeLogs(task, keyOf(request).apiKeyId, request.gone);
    const storing: Storing<DecodedProjectLogs> = {
      quota: "bytes",
      count: ({ events, messages }) => events.length + messages.length,
      async store(projectId, { events, messages }) {
        const scored = await storeOtelEvents(context.db, projectId, events);
        const filled = await storeMessages(context.db, projectId, messages);
        return {
          rejected: scored.rejected + filled.rejected,
          reasons: [...scored.reasons, ...filled.reasons],
        };
      },
    };
    return storeInProjects(context, request, decoded.projects, storing, decoded);
  },
};
