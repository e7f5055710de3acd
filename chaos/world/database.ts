import pg from "pg";

/** Queries the database directly, on one connection, and reconnects if it broke. */
export class Inspector {
  readonly #url: string;
  #client: pg.Client | undefined;
  /** One query at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(url: string) {
    this.#url = url;
  }

  rows<Row extends pg.QueryResultRow>(statement: string, values: unknown[] = []): Promise<Row[]> {
    const next = this.#last.then(() => this.#ask<Row>(statement, values));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #ask<Row extends pg.QueryResultRow>(statement: string, values: unknown[]): Promise<Row[]> {
    const client = await this.#connected();
    try {
      return (await client.query<Row>(statement, values)).rows;
    } catch (error) {
      await this.end();
      throw error;
    }
  }

  /** The only row. @throws Error if there is none. */
  async row<Row extends pg.QueryResultRow>(statement: string, values: unknown[] = []): Promise<Row> {
    const [row] = await this.rows<Row>(statement, values);
    if (row === undefined) throw new Error(`No row was returned by ${statement}`);
    return row;
  }

  async end(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client !== undefined) return this.#client;
    const client = new pg.Client({ connectionString: this.#url, application_name: "chaos" });
    client.on("error", () => void this.end());
    await client.connect();
    this.#client = client;
    return client;
  }
}
