import { once } from "node:events";
import { section } from "./say.ts";

export interface KeptServer {
  readonly url: string;
  readonly apiKey: string;
  readonly projectName: string;
}

/** Says how to use the server that goes on, and waits until the user has had enough. */
export async function keepServer(
  { url, apiKey, projectName }: KeptServer,
  signal: AbortSignal,
): Promise<void> {
  section("The server goes on until you press Ctrl-C", [
    `  API        ${url}`,
    `  Reference  ${url}/docs`,
    `  Project    ${projectName}`,
    "  API key",
    `  ${apiKey}`,
    "",
    "  In another terminal, for the programs in examples/:",
    "",
    `  export PANDAPROBE_ENDPOINT=${url}`,
    `  export PANDAPROBE_API_KEY=${apiKey}`,
    `  export PANDAPROBE_PROJECT_NAME=${projectName}`,
    "  node scripts/bootstrap.mjs examples/quickstart.ts",
    "",
    "  Its data is temporary, and goes with it.",
  ]);
  if (!signal.aborted) await once(signal, "abort");
}
