import type { Behaviours } from "./behaviour.ts";

/** Embeddings in forms of their own. */
export const embeddings: Behaviours = {};
