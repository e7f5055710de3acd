import { newIdempotencyKey } from "../idempotency-key.ts";

/** A random UUID (version 4). */
export function newUuid(): string {
  return newIdempotencyKey().replace(/(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-4$3-a$4-");
}
