import { readFile } from "node:fs/promises";
import { Client } from "pg";
import { type Cluster, clusterFolder, passwordFile, superuser } from "./cluster.ts";
import { errorCode } from "./errors.ts";

/** Where a running embedded PostgreSQL answers; contains the password. */
export function connectionString(port: number, password: string, database: string): string {
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;
}

export async function readPassword(cluster: Pick<Cluster, "dataDir">): Promise<string> {
  return (await readFile(passwordFile(clusterFolder(cluster.dataDir)), "utf8")).trim();
}

/** Opens a single connection. If it is lost, it emits `end`, never an uncaught error. */
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

/** Why a PostgreSQL that is starting, recovering, stopping or full refuses a connection. */
const temporary = new Set([
  "57P03", // cannot_connect_now: it is starting, recovering or stopping
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "53300", // too_many_connections
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
]);

/** Whether connecting again in a moment may work. */
export function isTemporary(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined) return temporary.has(code);
  // node-postgres gives its own connection errors no code.
  return error instanceof Error && /connection terminated|timeout expired|not queryable/i.test(error.message);
}
