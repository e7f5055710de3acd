import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { createMonitor } from "../../features/monitors/create-monitor.ts";
import { deleteMonitor } from "../../features/monitors/delete-monitor.ts";
import { pauseMonitor, resumeMonitor } from "../../features/monitors/pause-monitor.ts";
import { getMonitor, listMonitorRuns, listMonitors } from "../../features/monitors/read-monitors.ts";
import { triggerMonitor } from "../../features/monitors/run-monitor.ts";
import { updateMonitor } from "../../features/monitors/update-monitor.ts";
import { getRunOfAnyKind } from "../../features/runs/read/read-runs.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";
import { idempotentWrite } from "../idempotent-write.ts";
import { streamPage } from "../json-stream.ts";

export function monitorRoutes({ db, judges, now, quotas, monitorLimits }: HttpContext) {
  const { monitors } = contract;
  const largeRuns = {
    reread: (project_id: string, id: string) => getRunOfAnyKind(db, { project_id, id }),
  };
  const large = { reread: (projectId: string, id: string) => getMonitor(db, projectId, id, monitorLimits) };
  return initServer().router(monitors, {
    createMonitor: idempotentWrite(
      db,
      monitors.createMonitor,
      async ({ request, body }, { db: scope, projectId }) => {
        const monitor = await createMonitor(
          { db: scope, judges, now, quotas, monitorLimits },
          projectId,
          body,
        );
        request.audited = { subject: monitor.id, details: { name: monitor.name } };
        return { status: 201, body: monitor };
      },
      large,
    ),
    listMonitors: async ({ request, query }) => ({
      status: 200,
      body: await listMonitors(db, callerOf(request).projectId, query, monitorLimits),
    }),
    getMonitor: async ({ request, params }) => ({
      status: 200,
      body: await getMonitor(db, callerOf(request).projectId, params.monitor_id, monitorLimits),
    }),
    updateMonitor: async ({ request, params, body }) => ({
      status: 200,
      body: await updateMonitor(
        { db, judges, now, quotas, monitorLimits },
        callerOf(request).projectId,
        params.monitor_id,
        body,
      ),
    }),
    deleteMonitor: async ({ request, params }) => {
      await deleteMonitor(db, callerOf(request).projectId, params.monitor_id);
      return { status: 204, body: undefined };
    },
    pauseMonitor: idempotentWrite(
      db,
      monitors.pauseMonitor,
      async ({ params }, { db: scope, projectId }) => ({
        status: 200,
        body: await pauseMonitor({ db: scope, now, monitorLimits }, projectId, params.monitor_id),
      }),
      large,
    ),
    resumeMonitor: idempotentWrite(
      db,
      monitors.resumeMonitor,
      async ({ params }, { db: scope, projectId }) => ({
        status: 200,
        body: await resumeMonitor({ db: scope, now, monitorLimits }, projectId, params.monitor_id),
      }),
      large,
    ),
    triggerMonitor: idempotentWrite(
      db,
      monitors.triggerMonitor,
      async ({ params }, { db: scope, projectId }) => ({
        status: 202,
        body: await triggerMonitor(
          { db: scope, judges, now, quotas, monitorLimits },
          projectId,
          params.monitor_id,
        ),
      }),
      largeRuns,
    ),
    listMonitorRuns: async ({ request, reply, params, query }) => ({
      status: 200,
      body: await streamPage(
        await listMonitorRuns(db, callerOf(request).projectId, params.monitor_id, query),
        reply,
      ),
    }),
  });
}
