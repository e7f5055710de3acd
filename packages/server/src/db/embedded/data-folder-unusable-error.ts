import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";

/** The data folder can't hold our database: not writable, not ours, or made by another PostgreSQL. */
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
