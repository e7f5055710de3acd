import { z } from "zod";

/** What a key may be allowed to do. None includes another. */
export const keyScopes = ["ingest", "read", "evaluate", "admin"] as const;

export const KeyScope = z.enum(keyScopes).meta({
  id: "KeyScope",
  description:
    "`ingest`: write and delete traces and spans. `read`: read everything in a project. `evaluate`: runs, scores and monitors. `admin`: keys, the audit log, and deleting projects.",
});
export type KeyScope = z.infer<typeof KeyScope>;

/** What a key made before there were scopes may do, and one that is created without naming any. */
export const defaultKeyScopes = ["ingest", "read", "evaluate"] as const satisfies readonly KeyScope[];
