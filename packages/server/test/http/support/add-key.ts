import { createDatabase } from "../../../src/db/database.ts";
import { addApiKey, generateApiKey, type KeyOptions } from "../../../src/features/projects/api-keys.ts";
import { testPool } from "../../support/test-pool.ts";

/** @returns a new key of the organization `default`, or another; by default with every scope except `admin`. */
export async function addKey(
  databaseUrl: string,
  organization = "default",
  options: Partial<KeyOptions> = {},
): Promise<string> {
  const pool = testPool(databaseUrl);
  const db = createDatabase(pool);
  const apiKey = generateApiKey();
  await addApiKey(db, apiKey, { organization, name: "of a test", expiresAt: null, ...options });
  await db.destroy();
  return apiKey;
}
