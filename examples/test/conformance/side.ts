import type { PandaProbe } from "@pandaprobe/sdk";
import type { PandaProbeAdmin } from "@pandaprobe/sdk/admin";
import type { PandaProbeMetrics } from "@pandaprobe/sdk/metrics";
import type { PandaProbeReview } from "@pandaprobe/sdk/review";

/** The server or the mock server. Every answer is validated by the contract. */
export interface Side {
  /** A client of a new, empty project. */
  client(): PandaProbe & { readonly metrics: PandaProbeMetrics; readonly review: PandaProbeReview };
  /** Sends a raw request to the project of that client, or to a new one. */
  send(request: RawRequest, client?: PandaProbe): Promise<RawAnswer>;
  /** A new, empty organization. */
  organization(): Promise<Organization>;
  /** Breaks the judge, so that items evaluated by `openai/judge` fail. */
  setJudgeBroken(isBroken: boolean): void;
  /** Keeps runs created from now on from progressing, or lets them progress. */
  setHeld(isHeld: boolean): void;
}

/** Clients of one organization. Default: with a key that has all scopes. */
export interface Organization {
  readonly admin: PandaProbeAdmin;
  client(as: { readonly key?: string; readonly project?: string }): PandaProbe & {
    readonly admin: PandaProbeAdmin;
  };
}

export interface RawRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Sent as JSON, unless it is a string. */
  readonly body?: unknown;
  /** A header that is `null` is not sent. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A check that both sides must pass. */
export interface Behaviour {
  readonly name: string;
  check(side: Side): Promise<void>;
}
