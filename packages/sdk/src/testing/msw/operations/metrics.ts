import type { contract } from "@pandaprobe/contract";
import { providerInfo, providerKeys } from "@pandaprobe/contract/rules";
import { sessionMetrics, traceMetrics } from "../metrics.ts";
import type { Handlers } from "../operation-handler.ts";
import { isConfigured } from "../providers.ts";

export const metrics: Handlers<typeof contract.metrics> = {
  listTraceMetrics: () => summaries(traceMetrics, "trace"),
  listSessionMetrics: () => summaries(sessionMetrics, "session"),
  listProviders: ({ world }) => providerKeys.map((key) => providerInfo(key, isConfigured(world, key))),
};

function summaries(metrics: Readonly<Record<string, string>>, category: "trace" | "session") {
  return Object.entries(metrics).map(([name, description]) => ({ name, description, category }));
}
