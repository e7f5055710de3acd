import { sql } from "kysely";

/** How long an answer is replayed for its `Idempotency-Key`. */
export const answersKeptFor = sql`interval '24 hours'`;
