import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Client } from "pg";
import { z } from "zod";
import { appPasswordFile, appRole, bootstrapRole, type Cluster, clusterFolder, database } from "./cluster.ts";
import { bootstrapUrl, connect, connectionString } from "./connect.ts";
import { errorCode } from "./errors.ts";
import { writeFileAs } from "./run-as.ts";

/** "pandapro" and "app", in ASCII. Processes that prepare the role wait for each other. */
const lockKey = "8097874982399406193";

/**
 * Makes the role that the server works as, and gives it the database and everything in it.
 *
 * It is no superuser, so SQL that gets past us can neither run programs nor read files nor make other roles. Earlier
 * versions connected as the bootstrap role; the objects that it still owns are handed over one by one. So a process may
 * die halfway, others may use the database meanwhile, and the next call finishes the work.
 *
 * @returns How to connect as that role; contains the password.
 */
export async function prepareAppRole(
  cluster: Pick<Cluster, "dataDir" | "runAs">,
  port: number,
): Promise<string> {
  const client = await connect(await bootstrapUrl(cluster, port, database), "pandaprobe-server setup");
  try {
    await client.query("SELECT pg_advisory_lock($1)", [lockKey]);
    const password = await ensurePassword(cluster);
    await ensureRole(client, password);
    await client.query(`ALTER DATABASE ${database} OWNER TO ${appRole}`);
    for (const object of await remainingObjects(client)) {
      await client.query(`ALTER ${object} OWNER TO ${appRole}`);
    }
    return connectionString({ role: appRole, password, port, database });
  } finally {
    // The lock is released with the connection.
    await client.end();
  }
}

async function ensurePassword({ dataDir, runAs }: Pick<Cluster, "dataDir" | "runAs">): Promise<string> {
  const file = appPasswordFile(clusterFolder(dataDir));
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
  const password = randomBytes(24).toString("base64url");
  await writeFileAs(file, password, runAs);
  return password;
}

/** Sets password and rights every time, in case a process died in between or they were changed by hand. */
async function ensureRole(client: Client, password: string): Promise<void> {
  const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [appRole]);
  await client.query(
    `${rowCount === 0 ? "CREATE" : "ALTER"} ROLE ${appRole} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION
       NOBYPASSRLS PASSWORD ${client.escapeLiteral(password)}`,
  );
}

/**
 * The bootstrap role's objects in the database, as `ALTER …` names them. Objects below OID 16384 are PostgreSQL's own.
 * Indexes, row types, sequences of columns and the like follow their table, and members of an extension stay with it.
 */
async function remainingObjects(client: Client): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT object.type || ' ' || object.identity AS name
       FROM (SELECT 'pg_namespace'::regclass AS catalog, oid, nspowner AS owner FROM pg_namespace
             UNION ALL
             SELECT 'pg_class'::regclass, oid, relowner FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
             UNION ALL
             SELECT 'pg_proc'::regclass, oid, proowner FROM pg_proc
             UNION ALL
             SELECT 'pg_type'::regclass, pg_type.oid, typowner FROM pg_type LEFT JOIN pg_class ON pg_class.oid = typrelid
              WHERE typtype IN ('d', 'e', 'r') OR relkind = 'c') AS owned,
            pg_identify_object(catalog, oid, 0) AS object
      WHERE owner = $1::regrole AND oid >= 16384 AND NOT starts_with(object.identity, 'pg_')
        AND NOT EXISTS (SELECT FROM pg_depend AS depends
                         WHERE classid = catalog AND objid = owned.oid AND objsubid = 0
                           AND (deptype IN ('e', 'i') OR deptype = 'a' AND object.type = 'sequence'))`,
    [bootstrapRole],
  );
  return z
    .array(z.object({ name: z.string() }))
    .parse(rows)
    .map(({ name }) => name);
}
