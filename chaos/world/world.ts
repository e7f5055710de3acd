import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type SpawnedServer, spawnServer } from "../../packages/server/test/support/spawn-server.ts";
import { startTestPostgres, type TestPostgres } from "../../packages/server/test/support/test-postgres.ts";
import type { Trial } from "../scenario.ts";
import { Api } from "./api.ts";
import { Inspector } from "./database.ts";
import { type Llm, startLlm } from "./llm.ts";
import type { LlmBehaviour } from "./llm-behaviour.ts";

/** The role of a process. */
export type Role = "api" | "worker";

export interface WorldOptions {
  readonly llm?: Omit<LlmBehaviour, "seed">;
  /** Additional environment of all processes. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the scenario requires that no living worker is presumed dead. Default: false. */
  readonly noDeaths?: boolean;
  /** The URL under which the processes reach the database. Default: its own. */
  readonly databaseUrl?: (url: string) => Promise<string>;
}

/** A PostgreSQL, a provider, and any number of server processes. All end with the trial. */
export interface World {
  readonly llm: Llm;
  readonly postgres: TestPostgres;
  readonly database: Inspector;
  /** The most judge calls in flight per worker. */
  readonly concurrency: number;
  /** How long a worker may go without a heartbeat before it is presumed dead. */
  readonly deadAfterSeconds: number;
  start(role: Role, environment?: Readonly<Record<string, string>>): Promise<SpawnedServer>;
  /** @param project Default: "chaos". */
  api(server: { readonly url: string }, project?: string): Api;
  readonly apiKey: string;
}

const defaults = {
  EVAL_LLM_MODEL: "openai/chaos",
  EVAL_CONCURRENCY: "4",
  RATE_LIMIT_RUNS_PER_MINUTE: "1000000",
  RATE_LIMIT_REQUESTS_PER_MINUTE: "0",
  // The full form uses the server's defaults.
  WORKER_HEARTBEAT_SECONDS: "2",
  WORKER_DEAD_AFTER_SECONDS: "12",
};

const shortTimes = { WORKER_HEARTBEAT_SECONDS: "1", WORKER_DEAD_AFTER_SECONDS: "4" };

/** If no living worker may be presumed dead: on a busy machine, heartbeats can be seconds late. */
const patientTimes = { WORKER_HEARTBEAT_SECONDS: "1", WORKER_DEAD_AFTER_SECONDS: "8" };

export async function startWorld(trial: Trial, options: WorldOptions = {}): Promise<World> {
  const postgres = await startTestPostgres({ max_connections: "300" });
  trial.defer(() => postgres.stop());
  const seed = Math.floor(trial.random.next() * 2 ** 32);
  const llm = await startLlm(trial, { latencyMs: [50, 250], ...options.llm, seed });
  // Processes start often, so they share compiled code.
  const compiled = await mkdtemp(path.join(tmpdir(), "pandaprobe-chaos-"));
  trial.defer(() => rm(compiled, { recursive: true, force: true }));
  const apiKey = `sk_pp_${randomBytes(32).toString("hex")}`;
  const environment = {
    ...defaults,
    ...(trial.short ? (options.noDeaths ? patientTimes : shortTimes) : {}),
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
      // The trial ended meanwhile, and its cleanup is over.
      if (trial.signal.aborted) await server.end("SIGKILL");
      trial.defer(() => server.end("SIGKILL"));
      return server;
    },
  };
}

/** The environment of a process that preloads one of `hooks`. */
export function withHook(name: "shift-clock" | "poison"): Readonly<Record<string, string>> {
  const file = path.join(import.meta.dirname, "../hooks", `${name}.ts`);
  return { NODE_OPTIONS: `--import=${pathToFileURL(file).href}` };
}
