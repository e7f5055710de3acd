export { type Config, ConfigError, readConfig } from "./config.ts";
export { type Role, type RunningServer, start } from "./start.ts";
