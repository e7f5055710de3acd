import { readFile } from "node:fs/promises";
import { Client } from "pg";
import { type Cluster, clusterFolder, passwordFile, superuser } from "./cluster.ts";

/** Where a running embedded PostgreSQL answers; contains the password. */
export function connectionString(port: number, password: string, database: string): string {
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;
}

export async function readPassword(cluster: Pick<Cluster, "dataDir">): Promise<string> {
  return (await readFile(passwordFile(clusterFolder(cluster.dataDir)), "utf8")).trim();
}

/** A connection of our own. It reports its loss by ending (`end`), never as an uncaught error. */
export async function connect(url: string, applicationName: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}
