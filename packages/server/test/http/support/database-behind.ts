import pg from "pg";
import { afterAll } from "vitest";
import type { HttpServer } from "./use-http-server.ts";

/** The database behind a test file's server, for states that no request can create. */
export function databaseBehind(server: HttpServer) {
  let opened: pg.Pool | undefined;
  const pool = () => {
    opened ??= new pg.Pool({ connectionString: server.current.database.url, max: 2 });
    return opened;
  };
  afterAll(() => opened?.end());
  return {
    async run(statement: string, values: unknown[] = []): Promise<unknown[]> {
      return (await pool().query(statement, values)).rows;
    },
    /** Runs a statement in a transaction that stays open until it is ended. */
    async hold(
      statement: string,
      values: unknown[] = [],
    ): Promise<{ commit(): Promise<void>; rollback(): Promise<void> }> {
      const client = await pool().connect();
      await client.query("begin");
      await client.query(statement, values);
      const end = async (how: "commit" | "rollback") => {
        await client.query(how);
        client.release();
      };
      return { commit: () => end("commit"), rollback: () => end("rollback") };
    },
  };
}
