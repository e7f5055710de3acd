/** @module-tag slow */
import { chmod, chown, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { DataFolderUnusableError, startEmbeddedPostgres } from "../../src/db/embedded/index.ts";
import { bootstrapUrl, postmasterPid, query, start, temporaryFolder } from "./data-folders.ts";

const asRoot = process.getuid?.() === 0;

async function refusal(dataDir: string): Promise<DataFolderUnusableError> {
  const error: unknown = await startEmbeddedPostgres({ dataDir, log: () => undefined }).catch(
    (caught) => caught,
  );
  if (!(error instanceof DataFolderUnusableError)) throw new Error("expected a refusal", { cause: error });
  expect(error.message).toContain(dataDir);
  expect(error.message).toContain("PANDAPROBE_DATA_DIR");
  expect(error.message).toContain("DATABASE_URL");
  return error;
}

test("refuses a folder with other files, and changes nothing in it", async () => {
  const dataDir = await temporaryFolder();
  await writeFile(join(dataDir, "thesis.txt"), "years of work");
  expect((await refusal(dataDir)).message).toContain(`is not empty and has no PandaProbe data`);
  expect(await readdir(dataDir)).toEqual(["thesis.txt"]);
  expect(await readFile(join(dataDir, "thesis.txt"), "utf8")).toBe("years of work");
});

test("refuses a database folder that PandaProbe did not create", async () => {
  const dataDir = await temporaryFolder();
  await mkdir(join(dataDir, "postgres"));
  if (asRoot) await chown(join(dataDir, "postgres"), 65_534, 65_534);
  await writeFile(join(dataDir, "postgres", "PG_VERSION"), "18\n");
  expect((await refusal(dataDir)).message).toContain("that PandaProbe did not create");
});

test("refuses a database of another major version, and names both versions", async () => {
  const dataDir = await temporaryFolder();
  const postgres = await start(dataDir);
  await postgres.stop();
  await writeFile(join(dataDir, "postgres", "PG_VERSION"), "17\n");
  expect((await refusal(dataDir)).message).toMatch(
    /was created by PostgreSQL 17, and this release includes PostgreSQL 18/,
  );
});

test("refuses a file where the folder should be", async () => {
  const file = join(await temporaryFolder(), "data");
  await writeFile(file, "");
  await refusal(file);
  await refusal(join(file, "deeper"));
});

test("accepts a volume's lost+found, and removes what a killed first start left", async () => {
  const dataDir = await temporaryFolder();
  await mkdir(join(dataDir, "lost+found"));
  const abandoned = join(dataDir, ".new-postgres-999999999-abcd");
  await mkdir(abandoned);
  await start(dataDir);
  await expect(readdir(abandoned)).rejects.toThrow("ENOENT");
});

test("creates the database if the first server was killed before it did", async () => {
  const dataDir = await temporaryFolder();
  const first = await start(dataDir);
  const maintenance = new URL(await bootstrapUrl(dataDir, first.connectionString));
  maintenance.pathname = "/postgres";
  await query(maintenance.href, "DROP DATABASE pandaprobe");
  await first.stop();
  const second = await start(dataDir);
  expect(await query(second.connectionString, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

describe.skipIf(asRoot)("as an ordinary user", () => {
  test("refuses a folder that cannot be written", async () => {
    const parent = await temporaryFolder();
    await chmod(parent, 0o500);
    onTestFinished(() => chmod(parent, 0o700));
    expect((await refusal(parent)).message).toContain("can't be written by this user (EACCES)");
    expect((await refusal(join(parent, "data"))).message).toContain("can't be written by this user (EACCES)");
  });
});

describe.runIf(asRoot)("as root", () => {
  test("PostgreSQL runs as another user, which then owns the folder", async () => {
    const dataDir = join(await temporaryFolder(), "data");
    await start(dataDir);
    const { uid } = await stat(join(dataDir, "postgres"));
    expect(uid).not.toBe(0);
    expect((await stat(dataDir)).uid).toBe(uid);
    const pid = await postmasterPid(dataDir);
    if (process.platform === "linux") expect((await stat(`/proc/${pid}`)).uid).toBe(uid);
  });

  test("refuses a folder below one that only root may enter, and names the obstacle and a place that works", async () => {
    const closed = await temporaryFolder();
    await chmod(closed, 0o700);
    const dataDir = join(closed, "data");
    const { message } = await refusal(dataDir);
    expect(message).toContain(`may not enter ${closed}`);
    expect(message).toContain("/var/lib/pandaprobe");
    expect(await readdir(closed)).toEqual([]);
  });

  test("an empty folder that only root may enter is given to the user that PostgreSQL runs as", async () => {
    const dataDir = await temporaryFolder();
    await chmod(dataDir, 0o700);
    await start(dataDir);
  });
});
