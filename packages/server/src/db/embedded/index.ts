export { DataFolderInUseError } from "./data-folder-in-use-error.ts";
export { DataFolderUnusableError } from "./data-folder-unusable-error.ts";
export { defaultDataDir } from "./default-data-dir.ts";
export { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
export { runningConnectionString } from "./running-connection-string.ts";
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from "./start-embedded-postgres.ts";
