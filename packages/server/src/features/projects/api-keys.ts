import { createHash, randomBytes } from "node:crypto";
import type {
  ApiKeyInfo,
  ApiKeyPage,
  CreateApiKeyRequest,
  CreatedApiKey,
  KeyScope,
} from "@pandaprobe/contract";
import { checkKeyAccess, defaultKeyScopes, unknownKey } from "@pandaprobe/contract/rules";
import { type SqlBool, sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";

/** The columns of an `ApiKeyInfo`. */
const shown = [
  "api_keys.id",
  "api_keys.name",
  "hint",
  "scopes",
  "projects",
  "api_keys.created_at",
  "expires_at",
  "revoked_at",
  "last_used_at",
] as const;

/** The scopes, projects and expiry of a key. */
export interface KeyOptions {
  readonly name: string;
  /** Default: all except `admin`. */
  readonly scopes?: readonly KeyScope[] | undefined;
  /** `null`: all of the organization. Default: `null`. */
  readonly projects?: readonly string[] | null | undefined;
  readonly expiresAt: string | null;
}

/** Restricts a change to keys of one organization. */
type KeyOwner = { readonly organizationId: string } | "any";

/** `sk_pp_` and 32 random bytes as hexadecimal digits. */
export function generateApiKey(): string {
  return `sk_pp_${randomBytes(32).toString("hex")}`;
}

/** Only the hash is stored. Keys are random, so they need no salt and no slow hash. */
export function hashApiKey(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

/**
 * Stores a key, and creates its organization if necessary. Does nothing if the key exists.
 *
 * @returns the organization's id, and the key's id if it is new.
 */
export async function addApiKey(
  db: Database,
  key: string,
  { organization, ...options }: KeyOptions & { readonly organization: string },
): Promise<{ organizationId: string; id: string | null }> {
  checkKeyAccess(accessOf(options));
  return inTransaction(db, async (transaction) => {
    await transaction
      .insertInto("organizations")
      .values({ id: uuidv7(), name: organization })
      .onConflict((conflict) => conflict.column("name").doNothing())
      .execute();
    const { id } = await transaction
      .selectFrom("organizations")
      .select("id")
      .where("name", "=", organization)
      .executeTakeFirstOrThrow();
    const info = await insertKey(transaction, key, id, options);
    return { organizationId: id, id: info?.id ?? null };
  });
}

/** Creates a key. @throws ProblemError `validation_error` for a key with the scope admin that is limited to some projects. */
export async function createApiKey(
  db: Database,
  organizationId: string,
  { name, scopes, projects, expires_at }: CreateApiKeyRequest,
): Promise<CreatedApiKey> {
  const key = generateApiKey();
  const options = {
    name,
    scopes: [...new Set(scopes)],
    projects: projects == null ? null : [...new Set(projects)],
    expiresAt: expires_at ?? null,
  };
  checkKeyAccess(accessOf(options));
  const info = await insertKey(db, key, organizationId, options);
  if (info === undefined) throw new Error("A random key was generated twice.");
  return { ...info, key };
}

/**
 * Creates a copy of a key with the same lifetime. The old key expires after the overlap, or earlier if it was due to.
 *
 * @throws ProblemError `not_found` if there is no such valid key.
 */
export async function rotateApiKey(
  db: Database,
  owner: KeyOwner,
  id: string,
  overlapSeconds: number,
): Promise<{ organizationId: string; created: CreatedApiKey }> {
  return inTransaction(db, async (transaction) => {
    const old = await transaction
      .selectFrom("api_keys")
      .select(shown)
      .select([
        "organization_id",
        sql<string | null>`date_trunc('milliseconds', now() + (expires_at - created_at))`.as("next_expiry"),
      ])
      .where(isKey(owner, id))
      .where(isValidKey)
      .forUpdate()
      .executeTakeFirst();
    if (old === undefined) throw unknownKey(id);
    await transaction
      .updateTable("api_keys")
      .set({
        expires_at: sql<string>`least(expires_at, date_trunc('milliseconds', now() + make_interval(secs => ${overlapSeconds})))`,
      })
      .where("organization_id", "=", old.organization_id)
      .where("id", "=", old.id)
      .execute();
    const { name, scopes, projects, next_expiry: expiresAt } = old;
    const key = generateApiKey();
    const options = { name, scopes, projects, expiresAt };
    const info = await insertKey(transaction, key, old.organization_id, options);
    if (info === undefined) throw new Error("A random key was generated twice.");
    return { organizationId: old.organization_id, created: { ...info, key } };
  });
}

export async function hasApiKeys(db: Database): Promise<boolean> {
  return (await db.selectFrom("api_keys").select("id").limit(1).executeTakeFirst()) !== undefined;
}

/** The keys of an organization, newest first. */
export async function listApiKeys(
  db: Database,
  organizationId: string,
  paging: { readonly limit: number; readonly offset: number },
): Promise<ApiKeyPage> {
  const its = db.selectFrom("api_keys").where("organization_id", "=", organizationId);
  const [{ total }, items] = await Promise.all([
    its.select((row) => row.fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    its
      .select(shown)
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .limit(paging.limit)
      .offset(paging.offset)
      .execute(),
  ]);
  return { items, total, ...paging };
}

/** All keys with their organizations, newest first. */
export async function listAllApiKeys(db: Database): Promise<(ApiKeyInfo & { organization: string })[]> {
  return db
    .selectFrom("api_keys")
    .innerJoin("organizations", "organizations.id", "api_keys.organization_id")
    .select(shown)
    .select("organizations.name as organization")
    .orderBy("api_keys.created_at", "desc")
    .execute();
}

/**
 * @returns the key's organization. @throws ProblemError `not_found` if there is no such key, or if it is
 * already revoked.
 */
export async function revokeApiKey(db: Database, owner: KeyOwner, id: string): Promise<string> {
  const revoked = await db
    .updateTable("api_keys")
    .set({ revoked_at: sql<string>`now_ms()` })
    .where(isKey(owner, id))
    .where("revoked_at", "is", null)
    .returning("organization_id")
    .executeTakeFirst();
  if (revoked === undefined) throw unknownKey(id);
  return revoked.organization_id;
}

/** The condition that a key is neither revoked nor expired. */
export const isValidKey = sql<SqlBool>`revoked_at is null and (expires_at is null or expires_at > now())`;

function isKey(owner: KeyOwner, id: string) {
  const isOwn = owner === "any" ? sql`true` : sql`organization_id = ${owner.organizationId}`;
  return sql<SqlBool>`${isOwn} and id::text = ${id}`;
}

async function insertKey(
  db: Database | DatabaseTransaction,
  key: string,
  organizationId: string,
  { name, scopes = defaultKeyScopes, projects = null, expiresAt }: KeyOptions,
): Promise<ApiKeyInfo | undefined> {
  return db
    .insertInto("api_keys")
    .values({
      organization_id: organizationId,
      id: uuidv7(),
      name,
      key_hash: hashApiKey(key),
      hint: key.slice(0, 12),
      scopes: [...scopes],
      projects: projects === null ? null : [...projects],
      expires_at: expiresAt,
    })
    .onConflict((conflict) => conflict.column("key_hash").doNothing())
    .returning(shown)
    .executeTakeFirst();
}

function accessOf({ scopes = defaultKeyScopes, projects = null }: KeyOptions) {
  return { scopes, projects };
}
