import { setTimeout as sleep } from "node:timers/promises";
import { acquire, type Holding } from "./acquire.ts";
import type { Cluster } from "./cluster.ts";
import { stopPostgres } from "./pg-ctl.ts";
import type { Settings } from "./settings.ts";

const retryMs = 1_000;

/**
 * Holds the data folder as long as this process lives.
 *
 * If PostgreSQL goes away (a crash, `pg_ctl restart`, out of memory), the owner lock is lost. Then PostgreSQL is
 * started again on the same port, unless it is already running, and the lock is taken again. If another server took the
 * lock first, we keep using the PostgreSQL that it now owns, and retry the lock every second.
 */
export class Ownership {
  readonly #cluster: Cluster;
  readonly #settings: Settings;
  readonly #port: number;
  readonly #log: (message: string) => void;
  readonly #stopping = new AbortController();
  #holding: Holding | undefined;
  #regaining: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(cluster: Cluster, settings: Settings, holding: Holding, log: (message: string) => void) {
    this.#cluster = cluster;
    this.#settings = settings;
    this.#port = holding.postmaster.port;
    this.#log = log;
    this.#hold(holding);
  }

  /** Stops PostgreSQL, unless another server owns it now. Further calls wait for the first one. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  #hold(holding: Holding): void {
    this.#holding = holding;
    holding.client.once("end", () => {
      this.#holding = undefined;
      if (!this.#stopping.signal.aborted) this.#regaining = this.#regain();
    });
  }

  async #regain(): Promise<void> {
    this.#log("Lost the connection to the embedded PostgreSQL; reconnecting, or starting it again");
    let reported = "";
    while (!this.#stopping.signal.aborted) {
      try {
        this.#hold(
          await acquire(this.#cluster, {
            settings: this.#settings,
            port: this.#port,
            signal: this.#stopping.signal,
          }),
        );
        this.#log("The embedded PostgreSQL is back");
        return;
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        if (message !== reported) this.#log(message);
        reported = message;
        await sleep(retryMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
    }
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    await this.#regaining;
    if (this.#holding === undefined) return;
    const { client, postmaster } = this.#holding;
    try {
      // The lock is kept to the end, so that a server that starts now does not adopt a PostgreSQL that is stopping.
      await stopPostgres(this.#cluster, postmaster);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
