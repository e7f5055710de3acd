import type { AddressInfo } from "node:net";
import { keyScopes } from "@pandaprobe/contract";
import { defaultKeyScopes, spanPrices } from "@pandaprobe/contract/rules";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { Compute } from "./compute/compute.ts";
import { Intake } from "./compute/intake.ts";
import type { Config } from "./config/config.ts";
import { databaseClock } from "./db/clock.ts";
import { createDatabase } from "./db/database.ts";
import { migrate } from "./db/migrate.ts";
import { type OpenDatabase, openDatabase } from "./db/open-database.ts";
import { recordSettings } from "./features/audit/audit-log.ts";
import { addApiKey, generateApiKey, hasApiKeys } from "./features/projects/api-keys.ts";
import { KeyUses } from "./features/projects/key-uses.ts";
import { KeyWatch } from "./features/projects/key-watch.ts";
import { RunListener } from "./features/runs/read/run-listener.ts";
import { serverSettings } from "./features/settings/server-settings.ts";
import { buildApp } from "./http/app.ts";
import { BodyMasking } from "./http/body-masking.ts";
import { startOperationsServers } from "./http/operations-server.ts";
import { ProcessMetrics } from "./http/process-metrics.ts";
import { readiness } from "./http/readiness.ts";
import { SignInCode } from "./http/sign-in-code.ts";
import { startWorker } from "./jobs/worker.ts";
import { checkModelNames, createJudges, type Judges } from "./judge/judges.ts";
import { SqlLedgers } from "./judge/ledger/sql-ledger.ts";
import { createSqlCoordinator } from "./judge/limits/coordinator.ts";
import { withTimeLimit } from "./time-limit.ts";
import { serverVersion } from "./version.ts";

/** What a process does: serve the API (`api`), evaluate (`worker`), or both (`all`). */
export type Role = "all" | "api" | "worker";

export interface RunningServer {
  /** The URL of the API; `null` in the role `worker`. */
  readonly url: string | null;
  /** The separate ports of metrics and the reference, if there are any. */
  readonly operationsPorts: readonly number[];
  /** The judge of runs that name none, as `provider/model`. */
  readonly defaultModel: string;
  /** The API key that was created because there was none. It is not stored, so it must be shown. */
  readonly newApiKey: string | null;
  /** Opens the page signed in, once; without a code if this start created no key. `null` in the role `worker`. */
  readonly pageUrl: string | null;
  /**
   * Accepts no more work, waits for requests and judge calls in flight (bounded by the shutdown timeout), returns other
   * jobs to the queue, and closes everything. Calling it again returns the same promise.
   *
   * @throws StopTimeoutError if the database does not answer; the process should then exit.
   */
  stop(): Promise<void>;
}

/** How long closing connections may take, after the shutdown timeout. */
const closingMs = 5000;

/** The server could not be stopped cleanly. */
class StopTimeoutError extends Error {
  override readonly name = "StopTimeoutError";

  constructor(timeoutMs: number) {
    super(
      `Not everything could be closed within ${timeoutMs / 1000} s because the database does not answer. Another worker, or the next start, resumes the work.`,
    );
  }
}

interface Parts {
  readonly config: Config;
  readonly open: OpenDatabase;
  readonly judges: Judges;
  readonly ledgers: SqlLedgers;
  readonly compute: Compute;
  readonly runs: RunListener;
  readonly draining: AbortSignal;
  readonly log: Logger;
}

/** Starts the server: the composition root. */
export async function start(config: Config, role: Role, log: Logger): Promise<RunningServer> {
  // Fails before anything is opened.
  checkModelNames(config.judge);
  const open = await openDatabase(config, log);
  const judges = createJudges(config.judge, createSqlCoordinator(open.db));
  const runs = new RunListener(open.connectionString, log);
  const compute = new Compute({ ...config.compute, log });
  const stopping = new AbortController();
  const ledgers = new SqlLedgers(open.db, { callTimeoutMs: config.judge.callTimeoutMs });
  const parts: Parts = { config, open, judges, ledgers, compute, runs, draining: stopping.signal, log };
  const services: { stop(): Promise<void> }[] = [];
  const end = async () => {
    stopping.abort();
    await Promise.all(services.map((service) => service.stop()));
    await compute.close();
    await runs.stop();
    await open.close();
  };
  let ending: Promise<void> | undefined;
  const stop = () => {
    // Without a limit, closing would wait for an unreachable database.
    const ms = config.shutdownTimeoutMs + closingMs;
    ending ??= withTimeLimit({ ms, late: () => new StopTimeoutError(ms) }, end);
    return ending;
  };
  try {
    await migrate(open.db, open.pool, log);
    const newApiKey = await ensureApiKey(config, open);
    // The user who starts an embedded database owns it. The log of any other server must not contain a link to it.
    const ownKey = open.isEmbedded ? (newApiKey ?? config.apiKey) : null;
    const signInCode = ownKey === null ? null : new SignInCode(ownKey);
    await recordSettings(open.db, { quotas: config.quotas, monitors: config.monitorLimits });
    await runs.start();
    if (role !== "api") services.push(await startWorking(parts));
    const api = role === "worker" ? undefined : await startApi(parts, signInCode);
    if (api !== undefined) services.push(api);
    return {
      url: api?.url ?? null,
      operationsPorts: api?.operationsPorts ?? [],
      defaultModel: judges.resolve(null, {}).model,
      newApiKey,
      pageUrl: api === undefined ? null : pageUrl(api.url, signInCode),
      stop,
    };
  } catch (error) {
    // The error of the start matters more than one of stopping.
    await stop().catch(() => undefined);
    throw error;
  }
}

/** The code is in the fragment, which browsers do not send. */
function pageUrl(url: string, signInCode: SignInCode | null): string {
  return `${url}/app/${signInCode === null ? "" : `#code=${signInCode.value}`}`;
}

async function startApi(
  { config, open, judges, ledgers, compute, runs, draining, log }: Parts,
  signInCode: SignInCode | null,
) {
  const metrics = new ProcessMetrics();
  const keyUses = new KeyUses(open.db, log);
  const prices = { spans: config.spanPrices, judges: config.judge.prices };
  const hasMasking = Object.keys(config.maskingRules).length > 0;
  const intake = new Intake({ ...config.compute, log, prices, masking: config.maskingRules });
  const app = await buildApp(
    {
      db: createDatabase(open.pool, config.statementTimeoutMs),
      judges,
      ledgers,
      compute,
      intake,
      now: databaseClock,
      runs,
      draining,
      keys: new KeyWatch(open.db),
      keyUses,
      quotas: config.quotas,
      monitorLimits: config.monitorLimits,
      isReady: readiness(open.db, draining),
      metrics,
      version: serverVersion,
      settings: serverSettings(config, judges, serverVersion),
      spanPrices: spanPrices(prices),
      masking: hasMasking ? new BodyMasking(config.maskingRules, intake) : null,
    },
    { ...config, signInCode },
    // At `info`, Fastify logs only its address, which the command logs once everything is ready.
    log.child({}, { level: log.level === "info" ? "warn" : log.level }),
  );
  const { host, port } = config;
  await app.listen({ host, port });
  const operations = await startOperationsServers({ metrics, version: serverVersion }, config);
  return {
    url: listeningUrl(app, host),
    operationsPorts: operations.ports,
    stop: async () => {
      await closeApp(app, config.shutdownTimeoutMs);
      await operations.stop();
      await keyUses.stop();
      await intake.close();
    },
  };
}

async function startWorking({ config, open, judges, ledgers, compute, runs, log }: Parts) {
  return startWorker({
    db: open.db,
    pool: open.pool,
    judges,
    ledgers,
    compute,
    now: databaseClock,
    runs,
    log,
    judgeConcurrency: config.judge.concurrency,
    callTimeoutMs: config.judge.callTimeoutMs,
    heartbeatMs: config.worker.heartbeatMs,
    deadAfterMs: config.worker.deadAfterMs,
    monitorCheckMs: config.worker.monitorCheckMs,
    drainTimeoutMs: config.shutdownTimeoutMs,
    judgeAnswersKeptDays: config.judgeAnswersKeptDays,
    auditLogKeptDays: config.auditLogKeptDays,
    quotas: config.quotas,
    monitorLimits: config.monitorLimits,
  });
}

/** Waits for requests in flight, then closes their connections. */
async function closeApp(app: FastifyInstance, timeoutMs: number): Promise<void> {
  const cutOff = setTimeout(() => app.server.closeAllConnections(), timeoutMs);
  await app.close();
  clearTimeout(cutOff);
}

function listeningUrl(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/**
 * Creates the configured key, or a new one for an embedded database without keys, whose first key gets all scopes.
 *
 * @returns the new key, unless it was configured.
 */
async function ensureApiKey(config: Config, { db, isEmbedded }: OpenDatabase): Promise<string | null> {
  const isFirst = isEmbedded && !(await hasApiKeys(db));
  if (config.apiKey === null && !isFirst) return null;
  const key = config.apiKey ?? generateApiKey();
  await addApiKey(db, key, {
    organization: "default",
    name: "made at start",
    scopes: isFirst ? keyScopes : defaultKeyScopes,
    projects: null,
    expiresAt: null,
  });
  return config.apiKey === null ? key : null;
}
