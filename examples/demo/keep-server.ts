import { once } from "node:events";
import { section } from "./say.ts";

export interface KeptServer {
  readonly url: string;
  readonly signInLink: string | null;
  readonly apiKey: string;
  readonly projectName: string;
}

/** Says how to use the server, and waits for Ctrl-C. */
export async function keepServer(
  { url, signInLink, apiKey, projectName }: KeptServer,
  signal: AbortSignal,
): Promise<void> {
  section("The server runs until you press Ctrl-C", [
    `  Interactive API reference: ${url}/docs`,
    "",
    "  The page, signed in; the link works once:",
    `  ${signInLink ?? `${url}/app/`}`,
    "",
    "  For your programs, and for the reference's Authorize button:",
    "",
    `  export PANDAPROBE_ENDPOINT=${url}`,
    `  export PANDAPROBE_API_KEY=${apiKey}`,
    `  export PANDAPROBE_PROJECT_NAME=${projectName}`,
    "",
    "  With these set in another terminal: node scripts/bootstrap.mjs examples/quickstart.ts",
    "  The server's data is temporary: it is deleted when the server stops.",
  ]);
  if (!signal.aborted) await once(signal, "abort");
}
