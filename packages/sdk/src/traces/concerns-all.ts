import { isApiError } from "../errors/api-errors.ts";

/** A wrong key, and an address that takes no traces. */
const statuses: readonly number[] = [401, 404, 405];

/** Whether what was refused is no matter of the trace that met it, but will be so for any. */
export function concernsAll(error: unknown): boolean {
  return isApiError(error) && statuses.includes(error.status);
}
