import { type Logger, pino } from "pino";
import { type Role, type RunningServer, start } from "../start.ts";
import { withConfig } from "./with-config.ts";

/** Runs the server until SIGTERM or SIGINT. A second signal ends it at once. */
export async function runServer(options: { role: Role }): Promise<void> {
  await withConfig(async (config) => {
    const log = pino({ level: config.logLevel });
    const starting = start(config, options.role, log);
    // Before the start has finished, so that a signal does not leave a database behind.
    stopOnSignal(starting, log);
    const server = await starting;
    if (server.newApiKey !== null) {
      console.log(`\nYour API key (shown this once): ${server.newApiKey}\n`);
    }
    if (server.pageUrl?.includes("#"))
      console.log(`Open the page, signed in (works once): ${server.pageUrl}\n`);
    const where = server.url === null ? "Evaluating, without an API." : `Listening on ${server.url}`;
    const rules = Object.keys(config.maskingRules);
    const masked =
      rules.length === 0
        ? ""
        : `, masking by ${rules.length === 1 ? "1 rule" : `${rules.length} rules`}: ${rules.join(", ")}`;
    log.info({ role: options.role, url: server.url, judge: server.defaultModel }, `${where}${masked}`);
  });
}

function stopOnSignal(starting: Promise<RunningServer>, log: Logger): void {
  let isStopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      const message =
        "Stopping after requests and judge calls in flight. Send the signal again to stop at once.";
      log.info({ signal }, message);
      stop(starting, log);
    });
  }
}

async function stop(starting: Promise<RunningServer>, log: Logger): Promise<void> {
  // A start that fails reports its own error.
  const server = await starting.catch(() => undefined);
  try {
    await server?.stop();
    log.info("Stopped.");
  } catch (error) {
    log.error({ err: error }, "Stopping failed.");
    // Open handles would keep the process alive.
    process.exit(1);
  }
}
