import type { SpawnedServer } from "../../packages/server/test/support/spawn-server.ts";
import type { Trial } from "../scenario.ts";
import type { Api } from "./api.ts";
import type { Role, World } from "./world.ts";

/** The processes of a world: one API and some workers, each of which is replaced where it ends. */
export class Fleet {
  readonly #trial: Trial;
  readonly #world: World;
  readonly workers: SpawnedServer[];
  #api: SpawnedServer;

  private constructor(trial: Trial, world: World, api: SpawnedServer, workers: SpawnedServer[]) {
    this.#trial = trial;
    this.#world = world;
    this.#api = api;
    this.workers = workers;
  }

  /** The first one makes the tables. */
  static async start(trial: Trial, world: World, workers: number): Promise<Fleet> {
    trial.say(`starts an API and ${workers} workers`);
    const api = await world.start("api");
    const started = await Promise.all(Array.from({ length: workers }, () => world.start("worker")));
    return new Fleet(trial, world, api, started);
  }

  get api(): Api {
    return this.#world.api(this.#api);
  }

  get apiProcess(): SpawnedServer {
    return this.#api;
  }

  /** Ends a process, and starts another in its place; resolves when that one is ready. */
  async replace(role: Role, server: SpawnedServer, signal: NodeJS.Signals): Promise<void> {
    await server.end(signal);
    this.#trial.signal.throwIfAborted();
    const started = await this.#world.start(role);
    if (role === "api") this.#api = started;
    else this.workers.splice(this.workers.indexOf(server), 1, started);
  }
}
