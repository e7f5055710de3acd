import type { EvalRunResponse, MonitorResponse } from "@pandaprobe/contract";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll } from "vitest";
import { defaultJudgeSettings } from "../../../src/config/judge-settings.ts";
import { type MonitorLimits, noQuotas } from "../../../src/config/project-limits.ts";
import type { Clock } from "../../../src/db/clock.ts";
import { createDatabase, type Database } from "../../../src/db/database.ts";
import { createMonitor } from "../../../src/features/monitors/create-monitor.ts";
import { fireDueMonitors } from "../../../src/features/monitors/fire-due-monitors.ts";
import { getMonitor, listMonitorRuns } from "../../../src/features/monitors/read-monitors.ts";
import { storeTraces } from "../../../src/features/traces/store-traces.ts";
import { createJudges } from "../../../src/judge/judges.ts";
import { createTestDatabase, type TestDatabase } from "../../support/test-database.ts";
import { testPool } from "../../support/test-pool.ts";

const loose: MonitorLimits = { shortestGapMs: 60_000, runsPerMinute: 0, quietMs: 3_600_000 };

export type MonitorFields = Partial<Parameters<typeof createMonitor>[2]>;

interface LogLine {
  readonly level: string;
  readonly details: object;
  readonly message: string;
}

/** A database with a simulated clock, and any number of schedulers. */
export class Simulation {
  readonly db: Database;
  readonly judges = createJudges(defaultJudgeSettings);
  readonly projectId = uuidv7();
  readonly quotas = noQuotas;
  readonly monitorLimits: MonitorLimits;
  readonly log: LogLine[] = [];
  readonly #schedulers: Database[] = [];
  #time: number;

  constructor(
    databaseUrl: string,
    start: string,
    { schedulers = 1, limits = loose }: { schedulers?: number; limits?: MonitorLimits } = {},
  ) {
    this.monitorLimits = limits;
    this.#time = Date.parse(start);
    this.db = connect(databaseUrl);
    for (let n = 0; n < schedulers; n += 1) this.#schedulers.push(connect(databaseUrl));
  }

  readonly now: Clock = async () => new Date(this.#time);

  get time(): string {
    return new Date(this.#time).toISOString();
  }

  set time(time: string) {
    this.#time = Date.parse(time);
  }

  /** Creates the project with a trace in it. */
  async begin(): Promise<this> {
    await this.db.insertInto("organizations").values({ id: this.projectId, name: this.projectId }).execute();
    await this.db
      .insertInto("projects")
      .values({ organization_id: this.projectId, id: this.projectId, name: "simulated" })
      .execute();
    await this.store();
    return this;
  }

  async store(fields: object = {}): Promise<string> {
    const trace = { name: "answer a question", started_at: "2026-03-01T09:00:00.000Z", ...fields };
    const [stored] = await storeTraces(this.db, this.projectId, [trace], () => null);
    return stored?.trace_id ?? "";
  }

  create(fields: MonitorFields = {}): Promise<MonitorResponse> {
    return createMonitor(this, this.projectId, {
      name: "simulated",
      target_type: "TRACE",
      metrics: ["coherence"],
      sampling_rate: 1,
      cadence: "daily",
      timezone: "UTC",
      only_if_changed: false,
      ...fields,
    });
  }

  read({ id }: { id: string }): Promise<MonitorResponse> {
    return getMonitor(this.db, this.projectId, id, this.monitorLimits);
  }

  /** Newest first. */
  async runs({ id }: { id: string }): Promise<EvalRunResponse[]> {
    const { pieces } = await listMonitorRuns(this.db, this.projectId, id, { limit: 10_000, offset: 0 });
    const runs: EvalRunResponse[] = [];
    for await (const piece of pieces) runs.push(...piece);
    return runs;
  }

  /** Runs every scheduler once, all at the same time. */
  async tick(time: string = this.time): Promise<void> {
    this.time = time;
    const draining = new AbortController().signal;
    const write = (level: string) => (details: object, message: string) => {
      this.log.push({ level, details, message });
    };
    const log = { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
    const { judges, now, quotas, monitorLimits } = this;
    await Promise.all(
      this.#schedulers.map((db) =>
        fireDueMonitors({ db, judges, now, quotas, monitorLimits, log, draining }),
      ),
    );
  }

  /** Advances the clock from tick to tick. @returns when a monitor created its runs. */
  async passUntil(end: string, monitor: { id: string }): Promise<string[]> {
    const times: string[] = [];
    for (;;) {
      const { next } = await this.db
        .selectFrom("monitors")
        .select((row) => row.fn.min("next_run_at").as("next"))
        .executeTakeFirstOrThrow();
      if (next === null || next >= end) break;
      const before = (await this.read(monitor)).last_run_id;
      await this.tick(next);
      const { last_run_id, last_run_at } = await this.read(monitor);
      if (last_run_id !== before) times.push(last_run_at ?? "");
    }
    this.time = end;
    return times;
  }

  /** The log entries of a monitor at this level. */
  messages(level: string): string[] {
    return this.log.filter((line) => line.level === level).map((line) => line.message);
  }

  async end(): Promise<void> {
    await Promise.all([this.db, ...this.#schedulers].map((db) => db.destroy()));
  }
}

/** A database for a test file. Each simulation is a project of its own, but only one may run at a time. */
export function useSimulations() {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  return async <Result>(
    options: { start: string; schedulers?: number; limits?: MonitorLimits },
    work: (world: Simulation) => Promise<Result>,
  ): Promise<Result> => {
    const world = new Simulation(database.url, options.start, options);
    try {
      await (await world.begin()).db.deleteFrom("monitors").execute();
      return await work(world);
    } finally {
      await world.end();
    }
  };
}

function connect(connectionString: string): Database {
  return createDatabase(testPool(connectionString, 4));
}
