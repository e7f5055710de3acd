import type { contract } from "@pandaprobe/contract";
import type { Handlers } from "../operation-handler.ts";
import { createRun, createRunOver, estimateRun } from "../runs/create-run.ts";
import { sessionKind } from "../runs/target-kind.ts";
import { sessionScoresOf } from "../state/project.ts";
import { runHandlers } from "./run-handlers.ts";

const handle = runHandlers(sessionKind);

export const sessionRuns: Handlers<typeof contract.sessionRuns> = {
  createSessionRun: ({ body, ...scope }) => createRun(sessionKind, scope, body, {}),
  estimateSessionRun: ({ body, ...scope }) => estimateRun(sessionKind, scope, body, {}),
  createSessionRunBatch: ({ body, ...scope }) => createRunOver(sessionKind, scope, body, body.session_ids),
  listSessionRuns: handle.list,
  getSessionRun: handle.get,
  streamSessionRun: handle.events,
  getSessionRunScores: (call) => handle.scores(call, sessionScoresOf(call.project)),
  retrySessionRun: handle.retry,
  cancelSessionRun: handle.cancel,
  deleteSessionRun: handle.delete,
};
