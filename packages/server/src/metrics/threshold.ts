/** The threshold of every built-in metric. A threshold changes only `success` in the metadata, never a score. */
export const DEFAULT_THRESHOLD = 0.5;
