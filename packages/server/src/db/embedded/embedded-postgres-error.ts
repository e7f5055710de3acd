/** The embedded PostgreSQL can't be used; the message is written for the person who started the server. */
export class EmbeddedPostgresError extends Error {
  override name = "EmbeddedPostgresError";
}
