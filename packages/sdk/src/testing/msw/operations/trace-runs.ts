import type { contract } from "@pandaprobe/contract";
import { judgeOf, resolveMetric } from "@pandaprobe/contract/rules";
import { resolvedModel } from "../judges.ts";
import { latestMetric } from "../metrics/latest-metrics.ts";
import type { Handlers } from "../operation-handler.ts";
import { createRun, createRunOver, estimateRun } from "../runs/create-run.ts";
import { traceKind } from "../runs/target-kind.ts";
import { traceScoresOf } from "../state/project.ts";
import { runHandlers } from "./run-handlers.ts";

const handle = runHandlers(traceKind);

export const traceRuns: Handlers<typeof contract.traceRuns> = {
  createTraceRun: ({ body, ...scope }) => createRun(traceKind, scope, body, {}),
  estimateTraceRun: ({ body, ...scope }) => estimateRun(traceKind, scope, body, {}),
  createTraceRunBatch: ({ body, ...scope }) => createRunOver(traceKind, scope, body, body.trace_ids),
  getTraceRunTemplate({ query, project, world }) {
    const own = latestMetric(project, query.metric);
    const { name, description, defaultThreshold } = resolveMetric("TRACE", query.metric, own);
    return {
      metric: {
        name,
        description,
        category: "trace",
        default_threshold: defaultThreshold,
        prompt_preview: [{ stage: "score", prompt: `The prompt of ${name} exists only on the server.` }],
      },
      filters: {},
      sampling_rate: 1,
      model: resolvedModel(world, own === undefined ? null : judgeOf(own.definition)),
    };
  },
  listTraceRuns: handle.list,
  getTraceRun: handle.get,
  streamTraceRun: handle.events,
  getTraceRunScores: (call) => handle.scores(call, traceScoresOf(call.project)),
  retryTraceRun: handle.retry,
  cancelTraceRun: handle.cancel,
  deleteTraceRun: handle.delete,
};
