import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type SpawnedServer, spawnServer } from "../../packages/server/test/support/spawn-server.ts";
import { startTestPostgres, type TestPostgres } from "../../packages/server/test/support/test-postgres.ts";
import type { Trial } from "../scenario.ts";
import { Api } from "./api.ts";
import { Inspector } from "./database.ts";
import { type Llm, startLlm } from "./llm.ts";
import type { LlmBehaviour } from "./llm-behaviour.ts";

/** What a process is for. */
export type Role = "api" | "worker";

export interface WorldOptions {
  readonly llm?: Omit<LlmBehaviour, "seed">;
  /** Beside what all processes of the world get. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it matters that no living worker is taken for dead. Default: false. */
  readonly nobodyDies?: boolean;
  /** Where the processes find the database, if not where it is. */
  readonly databaseUrl?: (url: string) => Promise<string>;
}

/** A PostgreSQL, a provider, and as many processes of the server as are started. All are gone when the trial ends. */
export interface World {
  readonly llm: Llm;
  readonly postgres: TestPostgres;
  readonly database: Inspector;
  /** Judge calls in flight in one worker. */
  readonly concurrency: number;
  /** How long a worker may be silent. */
  readonly deadAfterSeconds: number;
  start(role: Role, environment?: Readonly<Record<string, string>>): Promise<SpawnedServer>;
  /** In one project, unless another one is named. */
  api(server: { readonly url: string }, project?: string): Api;
  readonly apiKey: string;
}

const defaults = {
  EVAL_LLM_MODEL: "openai/chaos",
  EVAL_CONCURRENCY: "4",
  RATE_LIMIT_RUNS_PER_MINUTE: "1000000",
  RATE_LIMIT_REQUESTS_PER_MINUTE: "0",
  // The full form takes the times that hold by default.
  WORKER_HEARTBEAT_SECONDS: "2",
  WORKER_DEAD_AFTER_SECONDS: "12",
};

const shortTimes = { WORKER_HEARTBEAT_SECONDS: "1", WORKER_DEAD_AFTER_SECONDS: "4" };

/** Where nobody may be taken for dead: a busy machine keeps workers silent for seconds. */
const patientTimes = { WORKER_HEARTBEAT_SECONDS: "1", WORKER_DEAD_AFTER_SECONDS: "8" };

export async function startWorld(trial: Trial, options: WorldOptions = {}): Promise<World> {
  const postgres = await startTestPostgres({ max_connections: "300" });
  trial.defer(() => postgres.stop());
  const seed = Math.floor(trial.random.next() * 2 ** 32);
  const llm = await startLlm(trial, { latencyMs: [50, 250], ...options.llm, seed });
  // Processes start often here: what one has compiled, the next one takes.
  const compiled = await mkdtemp(path.join(tmpdir(), "pandaprobe-chaos-"));
  trial.defer(() => rm(compiled, { recursive: true, force: true }));
  const apiKey = `sk_pp_${randomBytes(32).toString("hex")}`;
  const environment = {
    ...defaults,
    ...(trial.short ? (options.nobodyDies ? patientTimes : shortTimes) : {}),
    DATABASE_URL: (await options.databaseUrl?.(postgres.connectionString)) ?? postgres.connectionString,
    PANDAPROBE_API_KEY: apiKey,
    OPENAI_BASE_URL: llm.baseUrl,
    NODE_COMPILE_CACHE: compiled,
    ...options.environment,
  };
  const database = new Inspector(postgres.connectionString);
  trial.defer(() => database.end());
  return {
    llm,
    postgres,
    database,
    apiKey,
    concurrency: Number(environment.EVAL_CONCURRENCY),
    deadAfterSeconds: Number(environment.WORKER_DEAD_AFTER_SECONDS),
    api: ({ url }, project = "chaos") => new Api(url, apiKey, project),
    async start(role, more = {}) {
      trial.signal.throwIfAborted();
      const server = await spawnServer({ ...environment, ...more }, ["--role", role]);
      // It was over meanwhile, and all others are ended by now.
      if (trial.signal.aborted) await server.end("SIGKILL");
      trial.defer(() => server.end("SIGKILL"));
      return server;
    },
  };
}
