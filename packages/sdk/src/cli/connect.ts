import { PandaProbe } from "@pandaprobe/sdk";
import { PandaProbeReview } from "@pandaprobe/sdk/review";
import { environmentVariable } from "../options/environment.ts";
import { oneLine } from "./printable.ts";
import { UsageError } from "./usage-error.ts";

/** The server and the project from the command line. */
export interface Connection {
  readonly endpoint: string | undefined;
  readonly projectName: string | undefined;
}

/** The options of a {@link Connection}. */
export const connectionHelp = `Connection
      --endpoint <url>        the server; by default PANDAPROBE_ENDPOINT, then http://127.0.0.1:8000
      --project <name>        the project; by default PANDAPROBE_PROJECT_NAME
                              The key is read from PANDAPROBE_API_KEY only, to keep it off the command line.
`;

/** @throws UsageError if the key or the project is missing; the client's own message would name options in code. */
export function connect({ endpoint, projectName }: Connection): PandaProbe {
  if (environmentVariable("PANDAPROBE_API_KEY") === undefined) {
    throw new UsageError("No API key: set the environment variable PANDAPROBE_API_KEY, as a secret in CI.");
  }
  if (projectName === undefined && environmentVariable("PANDAPROBE_PROJECT_NAME") === undefined) {
    throw new UsageError(
      "No project: use --project my-agent, or set the environment variable PANDAPROBE_PROJECT_NAME.",
    );
  }
  return new PandaProbe({ endpoint, projectName });
}

/** The client for comparisons and people's scores, with the same settings. */
export function connectReview({ endpoint, projectName }: Connection): PandaProbeReview {
  return new PandaProbeReview({ endpoint, projectName });
}

/** A server that restarts, or limits requests for a while, must not end a transfer that takes hours. */
export const patience = { retries: 20, totalTimeoutMs: 600_000 };

/** Longer pauses are explained, because otherwise the command seems to hang. */
const longPauseMs = 5_000;

/** {@link connect} for many requests. @param say receives a line before each long pause. */
export function connectForTransfer(connection: Connection, say: (line: string) => void): PandaProbe {
  return connect(connection).withOptions({
    hooks: {
      beforeRetry({ error, delayMs }) {
        if (delayMs < longPauseMs) return;
        say(`${oneLine(error.message)} Next attempt in ${Math.ceil(delayMs / 1000)} s.`);
      },
    },
  });
}
