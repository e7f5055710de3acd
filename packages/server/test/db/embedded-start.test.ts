/** @module-tag slow */
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { defaultDataDir } from "../../src/db/embedded/index.ts";
import { bootstrapUrl, postmasterPid, query, start, temporaryFolder } from "./data-folders.ts";

test("the first start creates a durable database on loopback that needs a password", async () => {
  const dataDir = await temporaryFolder();
  const log: string[] = [];
  const { connectionString } = await start(dataDir, { durable: true, log: (message) => log.push(message) });

  expect(new URL(connectionString).pathname).toBe("/pandaprobe");
  // Only a superuser sees all settings.
  const [settings] = await query(
    await bootstrapUrl(dataDir, connectionString),
    `SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('fsync') AS fsync,
            current_setting('synchronous_commit') AS synchronous_commit, current_setting('TimeZone') AS zone,
            current_setting('listen_addresses') AS listens, current_setting('unix_socket_directories') AS sockets,
            current_setting('server_encoding') AS encoding, upper('crème brûlée') AS upper`,
  );
  expect(settings).toEqual({
    major: 18,
    fsync: "on",
    synchronous_commit: "on",
    zone: "UTC",
    listens: "127.0.0.1",
    sockets: "",
    encoding: "UTF8",
    upper: "CRÈME BRÛLÉE",
  });
  expect(log).toEqual([`Creating a PostgreSQL database in ${dataDir}`]);

  const stranger = new URL(connectionString);
  stranger.password = "guess";
  await expect(query(stranger.href, "SELECT 1")).rejects.toThrow(/password authentication failed/);
  expect((await stat(join(dataDir, "postgres", "pandaprobe.password"))).mode & 0o777).toBe(0o600);
  expect((await stat(join(dataDir, "postgres"))).mode & 0o777).toBe(0o700);
});

test("later starts keep the data and the address", async () => {
  const dataDir = await temporaryFolder();
  const first = await start(dataDir);
  await query(first.connectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
  await first.stop();

  const log: string[] = [];
  const second = await start(dataDir, { log: (message) => log.push(message) });
  expect(await query(second.connectionString, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
  expect(second.connectionString).toBe(first.connectionString);
  expect(log).toEqual([]);
});

test("stop shuts PostgreSQL down, and may be called again", async () => {
  const dataDir = await temporaryFolder();
  const postgres = await start(dataDir);
  const pid = await postmasterPid(dataDir);
  expect(pid).toBeGreaterThan(0);
  await Promise.all([postgres.stop(), postgres.stop()]);
  await postgres.stop();
  expect(await postmasterPid(dataDir)).toBeUndefined();
  await expect(query(postgres.connectionString, "SELECT 1")).rejects.toThrow(/ECONNREFUSED/);
});

test("creates a missing data folder, even with spaces and non-ASCII letters in its name", async () => {
  const dataDir = join(await temporaryFolder(), "deeper", "Lïbrary of 'traces'");
  const { connectionString } = await start(dataDir);
  expect(await query(connectionString, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("extra settings reach PostgreSQL", async () => {
  const { connectionString } = await start(await temporaryFolder(), {
    settings: { max_connections: "37", "pandaprobe.note": "it's ours" },
  });
  expect(
    await query(
      connectionString,
      "SELECT current_setting('max_connections') AS max, current_setting('pandaprobe.note') AS note, current_setting('fsync') AS fsync",
    ),
  ).toEqual([{ max: "37", note: "it's ours", fsync: "off" }]);
});

test("the default data folder does not depend on the current folder", () => {
  if (process.getuid?.() === 0) {
    expect(defaultDataDir({ XDG_DATA_HOME: "/elsewhere" })).toBe("/var/lib/pandaprobe");
  } else if (process.platform === "linux") {
    expect(defaultDataDir({ XDG_DATA_HOME: "/elsewhere" })).toBe("/elsewhere/pandaprobe");
    expect(defaultDataDir({ XDG_DATA_HOME: "relative" })).toBe(join(homedir(), ".local/share/pandaprobe"));
    expect(defaultDataDir({})).toBe(join(homedir(), ".local/share/pandaprobe"));
  } else {
    expect(defaultDataDir({}).startsWith(homedir())).toBe(true);
  }
});
