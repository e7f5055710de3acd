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

/**
 * The type of `client.traces`. It is a separate type, because the bundled types turn a class that is exported
 * as a type into a value.
 */
export type TraceSender = Sender;
