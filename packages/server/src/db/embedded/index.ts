export { defaultDataDir } from "./data-folder.ts";
export { DataFolderInUseError, DataFolderUnusableError, EmbeddedPostgresError } from "./errors.ts";
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  runningConnectionString,
  startEmbeddedPostgres,
} from "./start-embedded-postgres.ts";
