import { isApiError, type PandaProbe } from "@pandaprobe/sdk";
import { defaultEndpoint } from "../options/configuration.ts";
import { environmentVariable } from "../options/environment.ts";
import type { EvalSettings } from "./eval-settings.ts";
import { nearest } from "./nearest.ts";
import type { NewRunSource } from "./run-source.ts";

/** What to write in place of what the server refuses, where the command can tell; `null` where the server has said it all. */
export async function refusalHint(
  client: PandaProbe,
  { source, endpoint, projectName }: EvalSettings,
  error: unknown,
): Promise<string | null> {
  if (!isApiError(error)) return null;
  if (error.status === 401) {
    const server = endpoint ?? environmentVariable("PANDAPROBE_ENDPOINT") ?? defaultEndpoint;
    return `PANDAPROBE_API_KEY holds the key; the server is ${server}, which --endpoint or PANDAPROBE_ENDPOINT names.`;
  }
  if (source.kind === "existing") return null;
  if (error.code === "unknown_metric") return metricHint(client, source);
  if (error.code !== "nothing_matches") return null;
  // A project's name that is misspelled is a project without traces.
  const project = projectName ?? environmentVariable("PANDAPROBE_PROJECT_NAME");
  const filters = "filters" in source.body ? Object.entries(source.body.filters ?? {}) : [];
  const listed = filters.map(([name, value]) => `${name}=${value}`).join(", ");
  return `The project is "${project}", which --project or PANDAPROBE_PROJECT_NAME names; the filters: ${listed || "none"}.`;
}

async function metricHint(client: PandaProbe, { kind, body }: NewRunSource): Promise<string | null> {
  const [own, others] = await Promise.all(
    kind === "traces"
      ? [client.listTraceMetrics(), client.listSessionMetrics()]
      : [client.listSessionMetrics(), client.listTraceMetrics()],
  ).catch(() => [[], []]);
  const known = own.map(({ name }) => name);
  const unknown = body.metrics.find((metric) => !known.includes(metric));
  if (unknown === undefined) return null;
  if (others.some(({ name }) => name === unknown)) {
    return kind === "traces"
      ? "Add --sessions to evaluate sessions."
      : "Leave --sessions out to evaluate traces.";
  }
  const meant = nearest(unknown, known);
  return meant === undefined ? null : `Did you mean ${meant}?`;
}
