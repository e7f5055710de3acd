import { open, rename, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type Cluster, clusterFolder, logFile } from "./cluster.ts";
import { disownPidFile } from "./disown-pid-file.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { findPostmaster, type Postmaster } from "./postmaster.ts";
import { programPath } from "./programs.ts";
import { runProgram } from "./run-program.ts";
import { type Settings, writeSettings } from "./settings.ts";

const startSeconds = 60;
const stopMs = 30_000;
/** How long to wait for what stands in the way of a start for a moment only. */
const obstacleMs = 10_000;
const largestLog = 10_000_000;

/**
 * Starts PostgreSQL on a cluster on which none runs. It is no child of ours and in no group of ours: neither Ctrl-C nor
 * our own end reaches it. Returns when it runs, or recovers, or another server's PostgreSQL was faster.
 */
export async function startPostgres(
  cluster: Cluster,
  settings: Settings,
  port: number | undefined,
): Promise<void> {
  const folder = clusterFolder(cluster.dataDir);
  const log = logFile(folder);
  await rotate(log);
  await disownPidFile(folder, cluster.runAs);
  const deadline = Date.now() + obstacleMs;
  for (;;) {
    await writeSettings(cluster, settings, port);
    const logStart = await sizeOf(log);
    const outcome = await pgCtl(cluster, ["start", "--wait", `--timeout=${startSeconds}`, `--log=${log}`]);
    if (outcome.code === 0 || (await findPostmaster(folder)) !== undefined) return;
    const said = await readFrom(log, logStart);
    if (passing.some((obstacle) => said.includes(obstacle)) && Date.now() < deadline) {
      await sleep(100);
      continue;
    }
    throw new EmbeddedPostgresError(
      `PostgreSQL did not start on ${cluster.dataDir}:\n${said.trim() === "" ? outcome.output : said.trim()}`,
    );
  }
}

/** As PostgreSQL puts them, in the locale C. */
const passing = [
  // Somebody took the port between our look and PostgreSQL's.
  "could not create any TCP/IP sockets",
  // Processes of a postmaster that was killed have yet to notice its death.
  "pre-existing shared memory block",
];

/**
 * Stops this very postmaster: open transactions are rolled back, and what is committed is on disk when this returns.
 *
 * Not by `pg_ctl stop`, which looks for any postmaster on the folder: it takes the next server's, which may start the
 * moment this one is down, for the one that won't stop.
 */
export async function stopPostgres(cluster: Cluster, postmaster: Postmaster): Promise<void> {
  // A fast shutdown; failing that an immediate one, as after a power failure: the next start recovers.
  for (const signal of ["INT", "QUIT"]) {
    await pgCtl(cluster, ["kill", signal, String(postmaster.pid)]);
    if (await hasEnded(cluster, postmaster)) return;
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL (process ${postmaster.pid}) did not stop on ${cluster.dataDir}.`,
  );
}

async function hasEnded(cluster: Cluster, postmaster: Postmaster): Promise<boolean> {
  const deadline = Date.now() + stopMs;
  while ((await findPostmaster(clusterFolder(cluster.dataDir)))?.pid === postmaster.pid) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

function pgCtl(cluster: Cluster, args: readonly string[]) {
  const pgdata = `--pgdata=${clusterFolder(cluster.dataDir)}`;
  return runProgram(programPath(cluster.programs, "pg_ctl"), [...args, pgdata, "--silent"], cluster.runAs);
}

async function rotate(log: string): Promise<void> {
  if ((await sizeOf(log)) > largestLog) await rename(log, `${log}.old`);
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

async function readFrom(file: string, start: number): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return "";
  try {
    const stream = handle.createReadStream({ start, encoding: "utf8" });
    let text = "";
    for await (const chunk of stream) text += String(chunk);
    return text;
  } finally {
    await handle.close();
  }
}
