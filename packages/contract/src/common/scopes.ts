import { z } from "zod";

/** What a key may do. No scope includes another. */
export const keyScopes = ["ingest", "read", "evaluate", "admin"] as const;

export const KeyScope = z.enum(keyScopes).meta({
  id: "KeyScope",
  description:
    "`ingest`: write and delete traces and spans. `read`: read everything in a project. `evaluate`: create and change runs, scores and monitors. `admin`: manage keys, read the audit log, delete projects.",
});
export type KeyScope = z.infer<typeof KeyScope>;

/** The scopes of a key that is created without any, and of keys from before there were scopes. */
export const defaultKeyScopes = ["ingest", "read", "evaluate"] as const satisfies readonly KeyScope[];
