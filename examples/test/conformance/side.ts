import type { PandaProbe } from "@pandaprobe/sdk";
import type { PandaProbeAdmin } from "@pandaprobe/sdk/admin";

/** What the double and the server offer alike. Every answer that comes through it is held against the contract. */
export interface Side {
  /** A client of a project that nothing is stored in yet. */
  client(): PandaProbe;
  /** A request as it is written, to the project of that client; without it, to one of its own. */
  send(request: RawRequest, client?: PandaProbe): Promise<RawAnswer>;
  /** An organization of its own, in which nothing is stored yet. */
  organization(): Promise<Organization>;
  /** Whether the judge answers. Where it does not, pairs that `openai/judge` is asked about fail. */
  setJudgeBroken(isBroken: boolean): void;
  /** Lets the runs that are made from now on stay as they are made, or go on. */
  setHeld(isHeld: boolean): void;
}

/** Clients of one organization: by default with a key that may do everything. */
export interface Organization {
  readonly admin: PandaProbeAdmin;
  client(as: { readonly key?: string; readonly project?: string }): PandaProbe & {
    readonly admin: PandaProbeAdmin;
  };
}

export interface RawRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** As JSON, unless it is text. */
  readonly body?: unknown;
  /** One that is `null` is not sent. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Something that holds of both. */
export interface Behaviour {
  readonly name: string;
  check(side: Side): Promise<void>;
}
