import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";

/** Another living server holds the data folder. */
export class DataFolderInUseError extends EmbeddedPostgresError {
  override name = "DataFolderInUseError";
  readonly dataDir: string;
  /** Process id of the server that holds the folder, if it could be found out. */
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
