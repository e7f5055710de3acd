import type { EvalRunFilters, ItemReview, ReviewedMetric, ReviewOrder } from "@pandaprobe/contract";
import type { DefaultNow, Json, Timestamp } from "./columns.ts";

/** Traces or sessions for people to score. */
interface ReviewQueuesTable {
  project_id: string;
  id: string;
  name: string;
  target_type: "TRACE" | "SESSION";
  metrics: Json<ReviewedMetric[]>;
  filters: Json<EvalRunFilters>;
  /** The run that it was drawn from; `null` after the run is deleted. */
  run_id: string | null;
  item_order: ReviewOrder;
  seed: number;
  reviewers_per_item: number;
  blind: boolean;
  claim_seconds: number;
  closed_at: Timestamp | null;
  created_at: DefaultNow;
  updated_at: DefaultNow;
}

/** A trace or session of a queue: it has one of the two ids. */
interface ReviewItemsTable {
  project_id: string;
  queue_id: string;
  id: string;
  /** From 0. Positions of deleted traces and sessions are missing. */
  position: number;
  trace_id: string | null;
  session_id: string | null;
}

/** A reviewer's work on an item. */
interface ReviewsTable {
  project_id: string;
  queue_id: string;
  item_id: string;
  reviewer: string;
  status: ItemReview["status"];
  /** When the claim ends, or ended. */
  claimed_until: Timestamp | null;
  /** When it was completed or skipped. */
  ended_at: Timestamp | null;
  /** Why it was skipped. */
  reason: string | null;
  /** The reviewer's scores that still exist. */
  score_ids: string[];
}

/** What people review. */
export interface ReviewTables {
  review_queues: ReviewQueuesTable;
  review_items: ReviewItemsTable;
  reviews: ReviewsTable;
}
