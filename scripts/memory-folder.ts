import { readFileSync, statfsSync } from "node:fs";
import { freemem } from "node:os";

const folder = "/dev/shm";
const neededBytes = 4 * 1024 ** 3;
/** A tmpfs may be larger than what is left of the memory, and the tests and PostgreSQL need memory of their own. */
const neededMemory = 8 * 1024 ** 3;

/**
 * A folder in memory for the tests' temporary files, or `undefined` if this machine has none with room for them.
 * Databases are thousands of files, and on some file systems creating and deleting them costs as much as the tests.
 */
export function memoryFolder(): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const mount = readFileSync("/proc/mounts", "utf8")
      .split("\n")
      .map((line) => line.split(" "))
      .findLast(([, path]) => path === folder);
    const options = mount?.[3]?.split(",") ?? ["noexec"];
    // Tests run programs that they place there, and containers often forbid that.
    if (mount?.[2] !== "tmpfs" || options.includes("noexec") || options.includes("ro")) return undefined;
    const { bavail, bsize } = statfsSync(folder);
    // What the machine has left, and what its control group may still take.
    const memory = Math.min(freemem(), process.availableMemory());
    return bavail * bsize >= neededBytes && memory >= neededMemory ? folder : undefined;
  } catch {
    return undefined;
  }
}
