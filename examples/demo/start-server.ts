import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { PandaProbe } from "@pandaprobe/sdk";
import { DemoServerError } from "./demo-server-error.ts";
import { ServerLog } from "./server-log.ts";

/** The demo's own server process. Disposing of it stops it. */
export interface DemoServer extends AsyncDisposable {
  readonly url: string;
  /** Opens the page signed in, once. `null` if the server printed no such link. */
  readonly signInLink: string | null;
  /** Resolves when the process has ended, with a description of how. */
  readonly ended: Promise<string>;
  logTail(count: number): string[];
}

export interface ServerOptions {
  readonly dataDir: string;
  readonly apiKey: string;
  /** Judge with the heuristic even if the environment configures a provider. */
  readonly offline: boolean;
  readonly signal: AbortSignal;
}

const cli = fileURLToPath(new URL("../../packages/server/src/cli.ts", import.meta.url));
const startMs = 120_000;
/** Longer than the server lets judge calls in flight run after SIGTERM. */
const stopMs = 20_000;

/** Starts the server's real command line, and waits until it is ready. */
export async function startServer(options: ServerOptions): Promise<DemoServer> {
  const child = spawn(process.execPath, ["--conditions=@pandaprobe/source", cli, "start"], {
    env: { ...process.env, ...environment(options) },
    stdio: ["ignore", "pipe", "pipe"],
    // In its own process group it gets no Ctrl-C, so that we can stop it gracefully.
    detached: process.platform !== "win32",
  });
  const log = new ServerLog();
  log.read(child.stdout);
  log.read(child.stderr);
  const ended = endOf(child);
  const stop = () => stopServer(child, ended);
  try {
    const url = await ready(log, ended, options);
    return {
      url,
      signInLink: log.signInLink,
      ended,
      logTail: (count) => log.tail(count),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The user's environment configures the judge, and nothing else about the demo's server. */
function environment({ dataDir, apiKey, offline }: ServerOptions): Record<string, string> {
  return {
    HOST: "127.0.0.1",
    PORT: "0",
    DATABASE_URL: "",
    PANDAPROBE_DATA_DIR: dataDir,
    PANDAPROBE_API_KEY: apiKey,
    LOG_LEVEL: "info",
    SHUTDOWN_TIMEOUT_SECONDS: "5",
    ...(offline ? { EVAL_LLM_MODEL: "heuristic/v1" } : {}),
  };
}

async function ready(log: ServerLog, ended: Promise<string>, options: ServerOptions): Promise<string> {
  const gone = ended.then((how) => {
    throw new DemoServerError(`The server ${how} before it was ready.`, log.tail(20));
  });
  const timeout = AbortSignal.timeout(startMs);
  const given = AbortSignal.any([options.signal, timeout]);
  const gaveUp = new Promise<never>((_, reject) => {
    const fail = () =>
      reject(
        timeout.aborted
          ? new DemoServerError(`The server was not ready within ${startMs / 1000} s.`, log.tail(20))
          : options.signal.reason,
      );
    if (given.aborted) fail();
    else given.addEventListener("abort", fail, { once: true });
  });
  const isReady = log.url.then(async (url) => {
    const client = new PandaProbe({ endpoint: url, apiKey: options.apiKey, projectName: "demo" });
    await client.getReadiness({ retries: 20, signal: given });
    return url;
  });
  return Promise.race([isReady, gone, gaveUp]);
}

async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = await once(child, "close");
    return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  } catch (error) {
    return `could not be started (${error instanceof Error ? error.message : String(error)})`;
  }
}

async function stopServer(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill("SIGTERM");
  const killTimer = setTimeout(() => child.kill("SIGKILL"), stopMs);
  await ended;
  clearTimeout(killTimer);
  endGroup(child);
}

/** Ends the child processes of a server that ended during its start, such as the program that creates a database. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined && process.platform !== "win32") process.kill(-pid, "SIGKILL");
  } catch {
    // The process has already ended.
  }
}
