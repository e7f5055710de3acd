export { type Config, readConfig } from "./config/config.ts";
export { ConfigError } from "./config/variables.ts";
export { type Role, type RunningServer, start } from "./start.ts";
