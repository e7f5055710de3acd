import { PandaProbeMetrics } from "@pandaprobe/sdk/metrics";
import { computed } from "@preact/signals";
import { useQuery } from "./queries.ts";
import { projectOptions } from "./session.ts";

const client = computed(() => new PandaProbeMetrics(projectOptions()));

/** The client of the project's metrics. Not in `session.ts`, because the first load does not need it. */
export function metricsClient(): PandaProbeMetrics {
  return client.value;
}

/** All metrics that runs of the project can evaluate. */
export function useMetricList() {
  return useQuery(["metrics"], (signal) => metricsClient().listMetrics({ signal }));
}
