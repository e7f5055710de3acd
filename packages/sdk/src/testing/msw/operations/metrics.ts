import type { contract } from "@pandaprobe/contract";
import { listMetrics, providerInfo, providerKeys } from "@pandaprobe/contract/rules";
import { isConfigured } from "../judges.ts";
import type { Handlers } from "../operation-handler.ts";

export const metrics: Handlers<typeof contract.metrics> = {
  listTraceMetrics: () => listMetrics("trace"),
  listSessionMetrics: () => listMetrics("session"),
  listProviders: ({ world }) => providerKeys.map((key) => providerInfo(key, isConfigured(world, key))),
};
