import { createHash, randomBytes } from "node:crypto";
import { type SqlBool, sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";

const keyPattern = /^sk_pp_[0-9a-f]{64}$/;

export type ApiKeyInfo = Omit<Row<"api_keys">, "key_hash">;

/** `sk_pp_` and 64 hexadecimal digits, 32 random bytes. */
export function generateApiKey(): string {
  return `sk_pp_${randomBytes(32).toString("hex")}`;
}

export function isApiKey(key: string): boolean {
  return keyPattern.test(key);
}

/** Only this is stored. A key is random enough to need no salt and no slow hash. */
export function hashApiKey(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

/** Stores a key of an organization, which is made if it does not exist. Does nothing for a key that exists. */
export async function addApiKey(
  db: Database,
  key: string,
  options: { organization: string; name: string; expiresAt: string | null },
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto("organizations")
      .values({ id: uuidv7(), name: options.organization })
      .onConflict((conflict) => conflict.column("name").doNothing())
      .execute();
    await transaction
      .insertInto("api_keys")
      .columns(["organization_id", "id", "name", "key_hash", "hint", "expires_at"])
      .expression((select) =>
        select
          .selectFrom("organizations")
          .where("name", "=", options.organization)
          .select((row) => [
            "id as organization_id",
            row.val(uuidv7()).$castTo<string>().as("id"),
            row.val(options.name).as("name"),
            row.val(hashApiKey(key)).as("key_hash"),
            row.val(key.slice(0, 12)).as("hint"),
            row.val(options.expiresAt).as("expires_at"),
          ]),
      )
      .onConflict((conflict) => conflict.column("key_hash").doNothing())
      .execute();
  });
}

export async function hasApiKeys(db: Database): Promise<boolean> {
  return (await db.selectFrom("api_keys").select("id").limit(1).executeTakeFirst()) !== undefined;
}

/** All keys with their organizations, newest first; the keys themselves are not kept. */
export async function listApiKeys(db: Database) {
  return db
    .selectFrom("api_keys")
    .innerJoin("organizations", "organizations.id", "api_keys.organization_id")
    .select([
      "api_keys.id",
      "organizations.name as organization",
      "api_keys.name",
      "hint",
      "api_keys.created_at",
      "expires_at",
      "revoked_at",
    ])
    .orderBy("api_keys.created_at", "desc")
    .execute();
}

/** @returns whether there was such a key that was not revoked before. */
export async function revokeApiKey(db: Database, id: string): Promise<boolean> {
  const result = await db
    .updateTable("api_keys")
    .set({ revoked_at: sql<string>`now_ms()` })
    .where(sql<SqlBool>`id::text = ${id}`)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
