import { open, rename, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type Cluster, clusterFolder, logFile } from "./cluster.ts";
import { EmbeddedPostgresError } from "./errors.ts";
import { disownPidFile, findPostmaster, type Postmaster } from "./postmaster.ts";
import { programPath } from "./programs.ts";
import { runProgram } from "./run-as.ts";
import { type Settings, writeSettings } from "./settings.ts";

const startSeconds = 60;
const stopMs = 30_000;
/** How long to retry a start that fails for a temporary reason. */
const obstacleMs = 10_000;
const largestLog = 10_000_000;

/**
 * Starts PostgreSQL on a stopped cluster, detached from this process and its group, so neither Ctrl-C nor our own end
 * stops it. Returns once PostgreSQL is running or recovering, even if another server started it first.
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
    const result = await pgCtl(cluster, ["start", "--wait", `--timeout=${startSeconds}`, `--log=${log}`]);
    if (result.code === 0 || (await findPostmaster(folder)) !== undefined) return;
    const output = await readFrom(log, logStart);
    if (passingObstacles.some((obstacle) => output.includes(obstacle)) && Date.now() < deadline) {
      await sleep(100);
      continue;
    }
    throw new EmbeddedPostgresError(
      `PostgreSQL did not start on ${cluster.dataDir}:\n${output.trim() === "" ? result.output : output.trim()}`,
    );
  }
}

/** PostgreSQL's messages in the locale C. */
const passingObstacles = [
  // Another process took the port after we found it free.
  "could not create any TCP/IP sockets",
  // Child processes of a killed postmaster have not noticed its death yet.
  "pre-existing shared memory block",
];

/**
 * Stops this postmaster. Open transactions are rolled back, and committed data is on disk when this returns.
 *
 * `pg_ctl stop` would wait for any postmaster on the folder: if another server started one as soon as this one is down,
 * it would report that this one does not stop.
 */
export async function stopPostgres(cluster: Cluster, postmaster: Postmaster): Promise<void> {
  // A fast shutdown, then an immediate one, after which the next start recovers as from a power failure.
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
