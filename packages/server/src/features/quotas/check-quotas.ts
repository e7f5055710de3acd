import { ProblemError, tooManyMonitorsText } from "@pandaprobe/contract/rules";
import { type SqlBool, sql } from "kysely";
import { type ProjectQuotas, type Quotas, quotasOf } from "../../config/project-limits.ts";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { countMonitors, readStorage, readToday } from "./read-usage.ts";

/** Only deletions free storage, which may happen at any time. */
const storageRetrySeconds = 3600;
/** Runs in progress usually end within minutes, and free the money that they have not spent. */
const committedRetrySeconds = 60;

/** @throws ProblemError `quota_exceeded` if a project may not store more traces, or more bytes. */
export async function checkStorage(
  db: Database,
  projectId: string,
  allQuotas: Quotas,
  adds: "traces" | "bytes",
): Promise<void> {
  const quotas = quotasOf(allQuotas, projectId);
  if (quotas.bytes === 0 && (quotas.traces === 0 || adds === "bytes")) return;
  const { traces, bytes } = await readStorage(db, projectId);
  if (adds === "traces" && quotas.traces > 0 && traces >= quotas.traces) {
    throw exceeded(
      `This project may have ${quotas.traces} traces, and has ${traces}. Delete some, or have ${settingOf(allQuotas, projectId, "traces")} raised.`,
      storageRetrySeconds,
    );
  }
  if (quotas.bytes > 0 && bytes >= quotas.bytes) {
    throw exceeded(
      `This project may have ${quotas.bytes} bytes of traces, and has ${bytes}. Delete traces, or have ${settingOf(allQuotas, projectId, "bytes")} raised.`,
      storageRetrySeconds,
    );
  }
}

/** Makes other transactions that add runs or monitors to the project wait, so that counts stay correct until commit. */
async function lockProject(db: DatabaseTransaction, projectId: string): Promise<void> {
  await sql<SqlBool>`select from projects where id = ${projectId} for no key update`.execute(db);
}

/** @throws ProblemError `quota_exceeded` if a project may not have another monitor. */
export async function checkMonitors(
  db: DatabaseTransaction,
  projectId: string,
  allQuotas: Quotas,
): Promise<void> {
  const quotas = quotasOf(allQuotas, projectId);
  if (quotas.monitors === 0) return;
  await lockProject(db, projectId);
  const monitors = await countMonitors(db, projectId);
  if (monitors < quotas.monitors) return;
  throw exceeded(
    tooManyMonitorsText(quotas.monitors, monitors, settingOf(allQuotas, projectId, "monitors")),
    storageRetrySeconds,
  );
}

/**
 * Returns the budget of a new run: the requested one, capped by the rest of the day's quota. Money that runs in
 * progress may still spend is not available, so all runs together stay within the quota.
 *
 * @param options.askedUsd the requested budget; `null` for all that is left.
 * @param options.isFree whether the run's models cost nothing.
 * @returns the budget in USD; `null` for no limit.
 * @throws ProblemError `quota_exceeded` if the project may not create another run today, or has nothing left to spend.
 */
export async function checkRun(
  db: DatabaseTransaction,
  projectId: string,
  allQuotas: Quotas,
  { askedUsd, isFree }: { readonly askedUsd: number | null; readonly isFree: boolean },
): Promise<number | null> {
  const { runsPerDay, usdPerDay } = quotasOf(allQuotas, projectId);
  if (runsPerDay === 0 && usdPerDay === 0) return askedUsd;
  await lockProject(db, projectId);
  const today = await readToday(db, projectId);
  if (runsPerDay > 0 && today.runs >= runsPerDay) {
    throw exceeded(
      `This project may create ${runsPerDay} runs a day, and has created ${today.runs} since midnight UTC. Try again tomorrow, or have ${settingOf(allQuotas, projectId, "runsPerDay")} raised.`,
      today.secondsLeft,
    );
  }
  if (usdPerDay === 0 || isFree) return askedUsd;
  const left = usdPerDay - today.usd - today.usdCommitted;
  if (left > 0) return Math.min(left, askedUsd ?? left);
  if (usdPerDay - today.usd > 0) {
    throw exceeded(
      `This project may spend ${usdPerDay} USD a day, has spent ${today.usd} since midnight UTC, and its runs in progress may spend the rest. Wait for one to end, or give each a max_cost_usd.`,
      committedRetrySeconds,
    );
  }
  throw exceeded(
    `This project may spend ${usdPerDay} USD a day, and has spent ${today.usd} since midnight UTC. Try again tomorrow, or have ${settingOf(allQuotas, projectId, "usdPerDay")} raised.`,
    today.secondsLeft,
  );
}

const variables = {
  traces: "QUOTA_TRACES",
  bytes: "QUOTA_BYTES",
  runsPerDay: "QUOTA_RUNS_PER_DAY",
  monitors: "QUOTA_MONITORS",
  usdPerDay: "QUOTA_USD_PER_DAY",
} as const satisfies Record<keyof ProjectQuotas, string>;

/** Names the variable that sets a quota of a project. */
function settingOf({ byProject }: Quotas, projectId: string, quota: keyof ProjectQuotas): string {
  const isOwn = byProject[projectId]?.[quota] !== undefined;
  return isOwn ? "the project's entry in the server's PROJECT_QUOTAS" : `the server's ${variables[quota]}`;
}

function exceeded(detail: string, retryAfterSeconds: number): ProblemError {
  return new ProblemError("quota_exceeded", detail, { retryAfterSeconds });
}
