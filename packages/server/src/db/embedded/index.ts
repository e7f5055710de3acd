export { defaultDataDir } from "./data-folder.ts";
export { DataFolderInUseError, DataFolderUnusableError, EmbeddedPostgresError } from "./errors.ts";
export { runningConnectionString } from "./running-connection-string.ts";
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from "./start-embedded-postgres.ts";
