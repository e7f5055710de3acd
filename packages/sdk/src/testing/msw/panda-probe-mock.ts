import type { RequestHandler } from "msw";
import type { FaultScript } from "./faults/fault.ts";
import type { OperationName } from "./operation-name.ts";
import type { RunScript } from "./runs/run-script.ts";
import type { ScoreScript } from "./scores/scripted-score.ts";

export interface MockOptions {
  /**
   * Where the API is, as the client's `endpoint`. `"*"`: anywhere, at any path; any other request whose path ends like one
   * of the API's is answered too, then. Default: where the client looks: `PANDAPROBE_ENDPOINT`, or
   * `http://127.0.0.1:8000`.
   */
  readonly endpoint?: string | undefined;
  /**
   * The API keys that are accepted; one that is only a text may do everything in all projects. Keys that a test creates are
   * accepted besides. Default: any.
   */
  readonly apiKeys?: readonly (string | MockKey)[] | undefined;
  /**
   * The judge providers that count as configured, by key; `heuristic` always does. A run by a model of another one is refused.
   * Default: `openai`, `anthropic`, `google_genai` and `vertex_ai`.
   */
  readonly providers?: readonly string[] | undefined;
  /** The models whose price is unknown, as `provider/model`: a run of one with `max_cost_usd` is refused. Default: none. */
  readonly unpriced?: readonly string[] | undefined;
}

/** An API key, and what it may do. */
export interface MockKey {
  readonly key: string;
  /** Default: all. */
  readonly scopes?: readonly ("ingest" | "read" | "evaluate" | "admin")[] | undefined;
  /** The projects that it opens, by name. Default: all. */
  readonly projects?: readonly string[] | undefined;
}

/** A request that was made, as it came. */
export interface ReceivedCall {
  readonly operation: OperationName;
  /** The values in the path, by name. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON; `undefined` where there was none. */
  readonly body: unknown;
  readonly headers: Headers;
}

/** PandaProbe, as far as a test needs it: what is stored is there to be read, and scores are as they are scripted. */
export interface PandaProbeMock {
  /** For msw's `setupServer(...handlers)`, or `setupWorker` in a browser. */
  readonly handlers: RequestHandler[];
  /** What runs find out. Where nothing is scripted, a score is 0.9. */
  readonly scores: ScoreScript;
  /** How runs go on, and how they fail. */
  readonly runs: RunScript;
  /** Calls that go wrong. */
  readonly faults: FaultScript;
  /** The requests so far, those that a fault met included. Of one operation, or of all. */
  calls(operation?: OperationName): ReceivedCall[];
  /**
   * Lets time pass for runs and monitors, on top of the time that passes by itself.
   *
   * @throws RangeError for what is no number of milliseconds from 0.
   */
  advance(ms: number): void;
  /** Forgets what is stored, scripted and counted. To be called after each test. */
  reset(): void;
}
