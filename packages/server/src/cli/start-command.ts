import { pino } from "pino";
import { type Role, start } from "../start.ts";
import { withConfig } from "./with-config.ts";

/** Starts the server and keeps it until SIGTERM or SIGINT; a second signal ends it at once. */
export async function runServer(options: { role: Role }): Promise<void> {
  await withConfig(async (config) => {
    const log = pino({ level: config.logLevel });
    const server = await start(config, options.role, log);
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => {
        log.info(
          { signal },
          "Stopping: requests and judge calls in flight may end. Signal again to stop at once.",
        );
        process.once("SIGTERM", () => process.exit(1)).once("SIGINT", () => process.exit(1));
        server.stop().then(
          () => log.info("Stopped."),
          (error: unknown) => {
            log.error({ err: error }, "Stopping failed.");
            process.exitCode = 1;
          },
        );
      });
    }
    if (server.newApiKey !== null) {
      console.log(`\nYour API key (shown this once): ${server.newApiKey}\n`);
    }
    const where = server.url === null ? "Evaluating, without an API." : `Listening on ${server.url}`;
    log.info({ role: options.role, url: server.url, judge: server.defaultModel }, where);
  });
}
