/** The embedded PostgreSQL cannot be used. The message is written for the person who starts the server. */
export class EmbeddedPostgresError extends Error {
  override name = "EmbeddedPostgresError";
}

/** Another running server holds the data folder. */
export class DataFolderInUseError extends EmbeddedPostgresError {
  override name = "DataFolderInUseError";
  readonly dataDir: string;
  /** The process id of the server that holds the folder, if known. */
  readonly ownerPid: number | undefined;

  constructor(dataDir: string, ownerPid: number | undefined) {
    const owner = ownerPid === undefined ? "another server" : `another server (process ${ownerPid})`;
    super(
      `The data folder ${dataDir} is in use by ${owner}. ` +
        "Stop that server, choose another folder with PANDAPROBE_DATA_DIR, " +
        "or set DATABASE_URL to let several servers share one PostgreSQL.",
    );
    this.dataDir = dataDir;
    this.ownerPid = ownerPid;
  }
}

/** The data folder cannot hold our database: it is not writable, not ours, or from another version of PostgreSQL. */
export class DataFolderUnusableError extends EmbeddedPostgresError {
  override name = "DataFolderUnusableError";
  readonly dataDir: string;

  /** `problem` completes the sentence "The data folder <dataDir> …". */
  constructor(dataDir: string, problem: string, options?: ErrorOptions) {
    super(
      `The data folder ${dataDir} ${problem} ` +
        "Choose another folder with PANDAPROBE_DATA_DIR, or set DATABASE_URL to use a PostgreSQL of your own.",
      options,
    );
    this.dataDir = dataDir;
  }
}

/** The `code` of a system error (`ENOENT`) or a PostgreSQL error (`57P03`). */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
