import { readFile } from "node:fs/promises";
import { type Cluster, clusterFolder, settingsFile } from "./cluster.ts";
import { freePort } from "./free-port.ts";
import { writeFileAs } from "./write-file-as.ts";

/** PostgreSQL settings by name, for instance `{ max_connections: "300" }`. */
export type Settings = Readonly<Record<string, string>>;

/** For tests: a power failure loses the database, the death of a process still loses nothing that was committed. */
export const undurable: Settings = { fsync: "off", full_page_writes: "off" };

/**
 * Writes what PostgreSQL reads at its next start.
 *
 * @param port The port to listen on. Default: that of the last start if it is free, else any.
 */
export async function writeSettings(
  cluster: Cluster,
  extra: Settings,
  port: number | undefined,
): Promise<void> {
  const file = settingsFile(clusterFolder(cluster.dataDir));
  const settings: Settings = {
    ...extra,
    listen_addresses: "127.0.0.1",
    port: String(port ?? (await freePort(await lastPort(file)))),
    // No socket files: their paths may not be longer than some 100 bytes, and nobody needs them.
    unix_socket_directories: "",
    log_checkpoints: "off",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  const text = `# Written at each start. Lasting changes belong in postgresql.auto.conf (ALTER SYSTEM).\n${lines.join("\n")}\n`;
  await writeFileAs(file, text, cluster.runAs);
}

async function lastPort(file: string): Promise<number | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  const port = /^port = '(\d+)'$/m.exec(text)?.[1];
  return port === undefined ? undefined : Number(port);
}
