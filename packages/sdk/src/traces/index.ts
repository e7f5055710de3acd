import type { TraceSender as Sender } from "./trace-sender.ts";

export { PandaProbe, type PandaProbeOptions } from "./client.ts";
export type { Mask, MaskRules } from "./mask.ts";
export type { SentTrace } from "./sent-trace.ts";
export type {
  DroppedTrace,
  DropReason,
  FlushOptions,
  TraceSenderOptions,
  TraceSenderStats,
} from "./trace-sender-options.ts";

/** What `client.traces` is. A type of its own: of a class that is exported as a type, the bundled types make a value. */
export type TraceSender = Sender;
