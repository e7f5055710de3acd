import type { contract } from "@pandaprobe/contract";
import { listMetrics, providerInfo, providerKeys } from "@pandaprobe/contract/rules";
import type { Handlers } from "../operation-handler.ts";
import { isConfigured } from "../providers.ts";

export const metrics: Handlers<typeof contract.metrics> = {
  listTraceMetrics: () => listMetrics("trace"),
  listSessionMetrics: () => listMetrics("session"),
  listProviders: ({ world }) => providerKeys.map((key) => providerInfo(key, isConfigured(world, key))),
};
