import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import type { RunKey } from "../run-key.ts";

/** An embedding by the hash of its model and text. */
export interface HashedEmbedding {
  /** Hexadecimal. */
  readonly hash: string;
  readonly vector: Float32Array;
}

/** Those of these embeddings that the run has. */
export async function readEmbeddings(
  db: Database,
  run: RunKey,
  hashes: readonly string[],
): Promise<Map<string, Float32Array>> {
  const rows = await db
    .selectFrom("run_embeddings")
    .select([sql<string>`encode(text_hash, 'hex')`.as("hash"), "vector"])
    .where("project_id", "=", run.project_id)
    .where("run_id", "=", run.id)
    .where(
      "text_hash",
      "in",
      hashes.map((hash) => Buffer.from(hash, "hex")),
    )
    .execute();
  return new Map(rows.map(({ hash, vector }) => [hash, toFloats(vector)]));
}

/** Keeps embeddings for the run, as long as it goes on. */
export async function storeEmbeddings(
  db: Database,
  run: RunKey,
  embeddings: readonly HashedEmbedding[],
): Promise<void> {
  const hashes = embeddings.map(({ hash }) => Buffer.from(hash, "hex"));
  const vectors = embeddings.map(({ vector }) => toBytes(vector));
  await sql`
    insert into run_embeddings (project_id, run_id, text_hash, vector)
    select run.project_id, run.id, embedding.hash, embedding.vector
    from eval_runs run, unnest(${hashes}::bytea[], ${vectors}::bytea[]) as embedding(hash, vector)
    where run.project_id = ${run.project_id} and run.id = ${run.id} and run.status in ('PENDING', 'RUNNING')
    order by embedding.hash
    for key share of run
    on conflict do nothing`.execute(db);
}

/** The run has ended: nobody needs them any more. */
export async function forgetEmbeddings(db: DatabaseTransaction, run: RunKey): Promise<void> {
  await db
    .deleteFrom("run_embeddings")
    .where("project_id", "=", run.project_id)
    .where("run_id", "=", run.id)
    .execute();
}

/** Little-endian on every machine, as several may share the database. */
function toBytes(vector: Float32Array): Buffer {
  const bytes = Buffer.alloc(vector.length * Float32Array.BYTES_PER_ELEMENT);
  for (const [i, value] of vector.entries()) bytes.writeFloatLE(value, i * Float32Array.BYTES_PER_ELEMENT);
  return bytes;
}

function toFloats(bytes: Buffer): Float32Array {
  const length = bytes.length / Float32Array.BYTES_PER_ELEMENT;
  return Float32Array.from({ length }, (_, i) => bytes.readFloatLE(i * Float32Array.BYTES_PER_ELEMENT));
}
