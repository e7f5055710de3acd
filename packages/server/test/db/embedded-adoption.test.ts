/** @module-tag slow */
import { type ChildProcess, spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { DataFolderInUseError, startEmbeddedPostgres } from "../../src/db/embedded/index.ts";
import { postmasterPid, query, start, temporaryFolder } from "./data-folders.ts";
import { runningOwner } from "./spawn-owner.ts";

function unrelatedProcess(): ChildProcess & { pid: number } {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  if (child.pid === undefined) throw new Error("the process did not start");
  return Object.assign(child, { pid: child.pid });
}

test("adopts the PostgreSQL that a killed server left running, and finally stops it", async () => {
  const dataDir = await temporaryFolder();
  const killed = await runningOwner(dataDir);
  await query(killed.connectionString, "CREATE TABLE kept AS SELECT 'before the kill' AS at");
  const left = await postmasterPid(dataDir);
  await killed.kill("SIGKILL");

  const log: string[] = [];
  const next = await start(dataDir, { log: (message) => log.push(message) });
  expect(await postmasterPid(dataDir)).toBe(left);
  expect(log).toEqual([`Adopted the PostgreSQL that an earlier server left running (process ${left})`]);
  expect(await query(next.connectionString, "SELECT at FROM kept")).toEqual([{ at: "before the kill" }]);
  await next.stop();
  expect(await postmasterPid(dataDir)).toBeUndefined();
});

test("starts although a dead PostgreSQL left its pid file", async () => {
  const dataDir = await temporaryFolder();
  const killed = await runningOwner(dataDir);
  await query(killed.connectionString, "CREATE TABLE kept AS SELECT 1 AS one");
  const postmaster = await postmasterPid(dataDir);
  await killed.kill("SIGKILL");
  process.kill(postmaster ?? Number.NaN, "SIGKILL");

  const next = await start(dataDir);
  expect(await postmasterPid(dataDir)).not.toBe(postmaster);
  expect(await query(next.connectionString, "SELECT one FROM kept")).toEqual([{ one: 1 }]);
});

test("starts although the process id in the pid file now belongs to another program", async () => {
  const dataDir = await temporaryFolder();
  const killed = await runningOwner(dataDir);
  const postmaster = await postmasterPid(dataDir);
  await killed.kill("SIGKILL");
  process.kill(postmaster ?? Number.NaN, "SIGKILL");
  const file = join(dataDir, "postgres", "postmaster.pid");
  const other = unrelatedProcess();
  await writeFile(file, (await readFile(file, "utf8")).replace(/^\d+/, String(other.pid)));

  const next = await start(dataDir);
  expect(await query(next.connectionString, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  expect(other.exitCode).toBeNull();
});

test("restarts a PostgreSQL that another installation left running from this one", async () => {
  const dataDir = await temporaryFolder();
  const killed = await runningOwner(dataDir);
  const left = await postmasterPid(dataDir);
  await killed.kill("SIGKILL");
  await writeFile(
    join(dataDir, "postgres", "postmaster.opts"),
    `/deleted/clone/bin/postgres "-D" "${dataDir}"\n`,
  );

  const next = await start(dataDir);
  expect(await postmasterPid(dataDir)).not.toBe(left);
  expect(next.connectionString).toBe(killed.connectionString);
  expect(await query(next.connectionString, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("restarts a PostgreSQL that dies, at the same address, and owns it again", async () => {
  const dataDir = await temporaryFolder();
  const log: string[] = [];
  const postgres = await start(dataDir, { log: (message) => log.push(message) });
  await query(postgres.connectionString, "CREATE TABLE kept AS SELECT 1 AS one");
  process.kill((await postmasterPid(dataDir)) ?? Number.NaN, "SIGKILL");

  await vi.waitFor(() => expect(log.at(-1)).toBe("The embedded PostgreSQL is back"), { timeout: 20_000 });
  expect(await query(postgres.connectionString, "SELECT one FROM kept")).toEqual([{ one: 1 }]);
  await expect(startEmbeddedPostgres({ dataDir, log: () => undefined })).rejects.toThrow(
    DataFolderInUseError,
  );
  await postgres.stop();
  expect(await postmasterPid(dataDir)).toBeUndefined();
});

test("leaves nothing running if stopped while PostgreSQL is being restarted", async () => {
  const dataDir = await temporaryFolder();
  const postgres = await start(dataDir);
  process.kill((await postmasterPid(dataDir)) ?? Number.NaN, "SIGKILL");
  await expect.poll(() => query(postgres.connectionString, "SELECT 1").catch(() => "down")).toBe("down");
  await postgres.stop();
  await expect(query(postgres.connectionString, "SELECT 1")).rejects.toThrow();
});
