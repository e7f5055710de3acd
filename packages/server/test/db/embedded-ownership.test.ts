/** @module-tag slow */
import { expect, onTestFinished, test, vi } from "vitest";
import { DataFolderInUseError, startEmbeddedPostgres } from "../../src/db/embedded/index.ts";
import { isNightly } from "../support/nightly.ts";
import { bootstrapUrl, query, start, temporaryFolder } from "./data-folders.ts";
import { runningOwner, spawnOwner } from "./spawn-owner.ts";

const quiet = () => undefined;

test("refuses a folder that another process holds, and names that process and what to do", async () => {
  const dataDir = await temporaryFolder();
  const holder = await runningOwner(dataDir);
  const refusal = await startEmbeddedPostgres({ dataDir, log: quiet }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(DataFolderInUseError);
  expect(refusal).toMatchObject({ name: "DataFolderInUseError", dataDir, ownerPid: holder.pid });
  expect(String(refusal)).toContain(dataDir);
  expect(String(refusal)).toContain(`process ${holder.pid}`);
  expect(String(refusal)).toContain("PANDAPROBE_DATA_DIR");
  expect(String(refusal)).toContain("DATABASE_URL");
  expect(await query(holder.connectionString, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("refuses a folder that this process holds, until it stops", async () => {
  const dataDir = await temporaryFolder();
  const first = await start(dataDir);
  await expect(startEmbeddedPostgres({ dataDir, log: quiet })).rejects.toThrow(DataFolderInUseError);
  await first.stop();
  await start(dataDir);
});

test("a server that starts while another one stops waits for it, and is not stopped with it", {
  tags: ["nightly"],
}, async () => {
  const dataDir = await temporaryFolder();
  let current = await start(dataDir);
  // Each round is a race. `pg_ctl stop` loses it about once in ten times.
  const rounds = isNightly ? 20 : 4;
  for (let round = 0; round < rounds; round++) {
    const lost: string[] = [];
    const [, next] = await Promise.all([
      current.stop(),
      start(dataDir, { log: (message) => lost.push(message) }),
    ]);
    expect(await query(next.connectionString, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    expect(lost).toEqual([]);
    current = next;
  }
});

test("if two servers start at once on an empty folder, one wins and the other is refused", async () => {
  const dataDir = await temporaryFolder();
  const both = await Promise.all([spawnOwner(dataDir), spawnOwner(dataDir)]);
  onTestFinished(async () => {
    await Promise.all(both.map((each) => each.kill("SIGTERM")));
  });
  const winner = both.find((each) => "connectionString" in each.report);
  const loser = both.find((each) => "message" in each.report);
  expect(winner).toBeDefined();
  expect(loser?.report).toMatchObject({
    name: "DataFolderInUseError",
    message: expect.stringContaining(`process ${winner?.pid}`),
  });
});

test("an owner whose connection breaks takes the lock again", async () => {
  const dataDir = await temporaryFolder();
  const log: string[] = [];
  const postgres = await start(dataDir, { log: (message) => log.push(message) });
  await query(
    await bootstrapUrl(dataDir, postgres.connectionString),
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'pandaprobe-server pid %'",
  );
  await vi.waitFor(() => expect(log.at(-1)).toBe("The embedded PostgreSQL is back"), { timeout: 20_000 });
  await expect(startEmbeddedPostgres({ dataDir, log: quiet })).rejects.toThrow(DataFolderInUseError);
});
