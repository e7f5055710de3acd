import { errorCode } from "./error-code.ts";

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, but belongs to somebody else.
    return errorCode(error) === "EPERM";
  }
}
