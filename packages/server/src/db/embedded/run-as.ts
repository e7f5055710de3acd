import { readFile } from "node:fs/promises";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";

/** The user PostgreSQL's programs run as when we are root, since PostgreSQL refuses to run as root. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
  /** For messages. */
  readonly name: string;
}

/** In order of preference. No user is ever created: `useradd` is not on every image. */
const candidates = ["postgres", "_postgres", "nobody"];

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** An existing user who is not root: `postgres` where there is one, else `nobody`. */
export async function unprivilegedUser(): Promise<RunAs> {
  const users = await readUsers();
  for (const name of candidates) {
    const user = users.find((entry) => entry.name === name && entry.uid !== 0);
    if (user !== undefined) return user;
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL refuses to run as root, and this machine has no user "postgres" or "nobody" to run it as. ` +
      "Run the server as an ordinary user, or set DATABASE_URL.",
  );
}

/** The user with this id, to run the database of a folder that already has an owner. */
export async function userWithId(uid: number, gid: number): Promise<RunAs> {
  const users = await readUsers();
  return { uid, gid, name: users.find((user) => user.uid === uid)?.name ?? String(uid) };
}

async function readUsers(): Promise<RunAs[]> {
  const passwd = await readFile("/etc/passwd", "utf8").catch(() => "");
  return passwd.split("\n").flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    if (name === undefined || uid === undefined || gid === undefined) return [];
    // `>>> 0`: macOS writes nobody's id as -2.
    return [{ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }];
  });
}
