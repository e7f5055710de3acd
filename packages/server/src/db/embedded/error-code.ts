/** The `code` of a system error (`ENOENT`) or a PostgreSQL error (`57P03`). */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
