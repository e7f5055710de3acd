import type { SpawnedServer } from "../../packages/server/test/support/spawn-server.ts";
import type { Trial } from "../scenario.ts";
import type { Api } from "./api.ts";
import type { Role, World } from "./world.ts";

/** The running processes of a world: one API, unless it is being replaced, and some workers. */
export class Fleet {
  readonly #trial: Trial;
  readonly #world: World;
  readonly workers: SpawnedServer[];
  #api: SpawnedServer;
  #isApiReady = true;

  private constructor(trial: Trial, world: World, api: SpawnedServer, workers: SpawnedServer[]) {
    this.#trial = trial;
    this.#world = world;
    this.#api = api;
    this.workers = workers;
  }

  /** Starts the API first, which creates the tables. */
  static async start(trial: Trial, world: World, workers: number): Promise<Fleet> {
    trial.say(`starting an API and ${workers} workers`);
    const api = await world.start("api");
    const started = await Promise.all(Array.from({ length: workers }, () => world.start("worker")));
    return new Fleet(trial, world, api, started);
  }

  get api(): Api {
    return this.#world.api(this.#api);
  }

  get isApiReady(): boolean {
    return this.#isApiReady;
  }

  get apiProcess(): SpawnedServer {
    return this.#api;
  }

  /** Ends a process and starts another in its place. Resolves when that one is ready. */
  async replace(role: Role, server: SpawnedServer, signal: NodeJS.Signals): Promise<void> {
    if (role === "api") this.#isApiReady = false;
    else this.workers.splice(this.workers.indexOf(server), 1);
    await server.end(signal);
    this.#trial.signal.throwIfAborted();
    const started = await this.#world.start(role);
    if (role === "worker") this.workers.push(started);
    else {
      this.#api = started;
      this.#isApiReady = true;
    }
  }
}

/** How often these processes presumed another worker dead, according to their logs. */
export function presumedDeaths(servers: readonly SpawnedServer[]): number {
  return servers.flatMap(({ lines }) => lines).filter((line) => line.includes("A worker died")).length;
}
