import type { SpanCreate, TraceCreate } from "@pandaprobe/sdk";

/** A trace for `send`. Its times may be `Date`s. */
export interface SentTrace extends Omit<WithDates<TraceCreate>, "spans"> {
  readonly spans?: readonly WithDates<SpanCreate>[] | undefined;
}

type WithDates<Sent extends Pick<TraceCreate, "started_at" | "ended_at">> = Omit<
  Sent,
  "started_at" | "ended_at"
> & {
  readonly started_at: Sent["started_at"] | Date;
  readonly ended_at?: Sent["ended_at"] | Date;
};
