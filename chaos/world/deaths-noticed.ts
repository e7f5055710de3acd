import type { SpawnedServer } from "../../packages/server/test/support/spawn-server.ts";

/** How often these processes have taken others for dead, by their logs. */
export function deathsNoticed(servers: readonly SpawnedServer[]): number {
  return servers.flatMap(({ lines }) => lines).filter((line) => line.includes("A worker died")).length;
}
