import { join } from "node:path";
import type { Programs } from "./programs.ts";
import type { RunAs } from "./run-as.ts";

/** One PostgreSQL cluster (a database server's files) and what it takes to run it. */
export interface Cluster {
  /** The folder the user chose; the cluster lies in a folder of its own inside. */
  readonly dataDir: string;
  readonly programs: Programs;
  /** Set only when we are root. */
  readonly runAs: RunAs | undefined;
}

/** The database's superuser and only user. */
export const superuser = "pandaprobe";

export function clusterFolder(dataDir: string): string {
  return join(dataDir, "postgres");
}

export const passwordFile = (folder: string) => join(folder, "pandaprobe.password");
export const settingsFileName = "pandaprobe.conf";
export const settingsFile = (folder: string) => join(folder, settingsFileName);
export const logFile = (folder: string) => join(folder, "pandaprobe.log");
