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
    `  Reference, to try every endpoint: ${url}/docs`,
    "",
    "  What a program needs, or the reference's Authorize button:",
    "",
    `  export PANDAPROBE_ENDPOINT=${url}`,
    `  export PANDAPROBE_API_KEY=${apiKey}`,
    `  export PANDAPROBE_PROJECT_NAME=${projectName}`,
    "",
    "  With these set in another terminal: node scripts/bootstrap.mjs examples/quickstart.ts",
    "  The server's data is temporary, and goes with it.",
  ]);
  if (!signal.aborted) await once(signal, "abort");
}
