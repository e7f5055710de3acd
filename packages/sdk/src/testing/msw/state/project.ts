import type { MonitorResponse, SessionScoreResponse } from "@pandaprobe/sdk";
import type { Run } from "../runs/run.ts";
import type { StoredScore } from "./stored-score.ts";
import type { StoredTrace } from "./stored-trace.ts";

/** A monitor, and the last change of a trace that it has seen. */
export interface StoredMonitor {
  monitor: MonitorResponse;
  seen: number;
}

/** The answer that was given for an `Idempotency-Key`. */
export interface KeptAnswer {
  /** What makes a request the same request: its method, its URL and its body. */
  readonly request: string;
  readonly status: number;
  readonly body: unknown;
  readonly at: number;
}

/** All that is stored of one project, by id, in the order it came. */
export class Project {
  readonly id: string;
  /** When something was first written to it. */
  createdAt: string | null = null;
  /** When its runs were made, deleted ones included. */
  readonly runTimes: number[] = [];
  readonly traces = new Map<string, StoredTrace>();
  readonly traceScores = new Map<string, StoredScore>();
  readonly sessionScores = new Map<string, SessionScoreResponse>();
  readonly runs = new Map<string, Run>();
  readonly monitors = new Map<string, StoredMonitor>();
  readonly answers = new Map<string, KeptAnswer>();

  constructor(id: string) {
    this.id = id;
  }
}
