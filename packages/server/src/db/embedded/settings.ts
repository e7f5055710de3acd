import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { type Cluster, clusterFolder, settingsFile } from "./cluster.ts";
import { writeFileAs } from "./run-as.ts";

/** PostgreSQL settings by name, for instance `{ max_connections: "300" }`. */
export type Settings = Readonly<Record<string, string>>;

/** For tests. Committed data survives the death of a process, but not a power failure. */
export const undurable: Settings = { fsync: "off", full_page_writes: "off" };

/**
 * Writes the settings that PostgreSQL reads at its next start.
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
    // Nothing uses socket files, and their paths must not be longer than about 100 bytes.
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

/** A free port on 127.0.0.1: the preferred one if possible. */
async function freePort(preferred: number | undefined): Promise<number> {
  if (preferred !== undefined) {
    const port = await probe(preferred).catch(() => undefined);
    if (port !== undefined) return port;
  }
  return probe(0);
}

function probe(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === "object" && address !== null) resolve(address.port);
        else reject(new Error("the listening socket has no port"));
      });
    });
  });
}
