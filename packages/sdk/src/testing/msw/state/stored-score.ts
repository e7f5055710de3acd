import type { TraceScoreResponse, TraceScoreRevision } from "@pandaprobe/sdk";

/** A trace's score, and what it was before. */
export interface StoredScore {
  score: TraceScoreResponse;
  readonly revisions: TraceScoreRevision[];
}
