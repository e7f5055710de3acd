import { readFile } from "node:fs/promises";
import { Client } from "pg";
import { bootstrapPasswordFile, bootstrapRole, type Cluster, clusterFolder } from "./cluster.ts";
import { errorCode } from "./errors.ts";

export interface Address {
  readonly role: string;
  readonly password: string;
  readonly port: number;
  readonly database: string;
}

/** How to reach a running embedded PostgreSQL; contains the password. */
export function connectionString({ role, password, port, database }: Address): string {
  return `postgres://${role}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;
}

/** How to connect as the bootstrap role; contains the password. */
export async function bootstrapUrl(
  { dataDir }: Pick<Cluster, "dataDir">,
  port: number,
  database: string,
): Promise<string> {
  const password = (await readFile(bootstrapPasswordFile(clusterFolder(dataDir)), "utf8")).trim();
  return connectionString({ role: bootstrapRole, password, port, database });
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
