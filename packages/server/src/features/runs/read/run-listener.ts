import pg from "pg";
import type { Log } from "../../../log.ts";
import { parseRunChange, type RunChange, runChangesChannel } from "../run-notifications.ts";

type Listener = (change: RunChange | "unknown") => void;

const firstRetryMs = 100;
const lastRetryMs = 5_000;

/**
 * Receives the notifications of runs for the whole process, on a connection of its own. When the connection breaks it
 * reconnects, and listeners get `"unknown"` because notifications may have been missed.
 */
export class RunListener {
  readonly #connectionString: string;
  readonly #log: Log;
  readonly #listeners = new Map<string, Set<Listener>>();
  #client: pg.Client | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(connectionString: string, log: Log) {
    this.#connectionString = connectionString;
    this.#log = log;
  }

  async start(): Promise<void> {
    await this.#connect(firstRetryMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retryTimer);
    await this.#client?.end().catch(() => undefined);
  }

  /** @returns a function that ends the subscription. */
  subscribe(runId: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(runId) ?? new Set();
    this.#listeners.set(runId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(runId) === listeners) this.#listeners.delete(runId);
    };
  }

  async #connect(retryMs: number): Promise<void> {
    if (this.#stopped) return;
    let waitMs = retryMs;
    const client = new pg.Client({
      connectionString: this.#connectionString,
      application_name: "pandaprobe listener",
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    });
    const reconnect = (error?: Error) => {
      if (this.#client !== client) return;
      this.#client = undefined;
      client.end().catch(() => undefined);
      if (this.#stopped) return;
      this.#log.warn({ error: error?.message }, "Lost the connection for run notifications; reconnecting.");
      this.#retryTimer = setTimeout(() => void this.#connect(Math.min(waitMs * 2, lastRetryMs)), waitMs);
    };
    this.#client = client;
    client.on("error", reconnect);
    client.on("end", reconnect);
    client.on("notification", (message) => this.#notify(message.payload ?? ""));
    try {
      await client.connect();
      await client.query(`listen ${runChangesChannel}`);
    } catch (error) {
      reconnect(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    waitMs = firstRetryMs;
    for (const listeners of this.#listeners.values())
      for (const listener of [...listeners]) listener("unknown");
  }

  #notify(payload: string): void {
    const { runId, change } = parseRunChange(payload);
    for (const listener of [...(this.#listeners.get(runId) ?? [])]) listener(change);
  }
}
