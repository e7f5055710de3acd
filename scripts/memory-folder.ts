import { readFileSync, statfsSync } from "node:fs";

const folder = "/dev/shm";
const neededBytes = 4 * 1024 ** 3;

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
    return bavail * bsize >= neededBytes ? folder : undefined;
  } catch {
    return undefined;
  }
}
