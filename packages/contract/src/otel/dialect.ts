import type { AttributeReader } from "./attribute-reader.ts";
import type { OtelSpan } from "./otel-span.ts";

/** The kinds of span that the API knows. */
export type Kind = "AGENT" | "TOOL" | "LLM" | "RETRIEVER" | "CHAIN" | "EMBEDDING" | "OTHER";

/** What one dialect found in a span. Another dialect may supply missing fields. */
export interface Reading {
  /** The name of the agent, workflow or function. The trace is named after it. */
  readonly agent?: string | undefined;
  /** Whether its name says nothing. If it is the root, the trace is named after the first {@link namesTrace} below it. */
  readonly isUnnamed?: boolean | undefined;
  /** What a trace is called if its root is unnamed. */
  readonly namesTrace?: string | undefined;
  readonly tool?: string | undefined;
  readonly model?: string | undefined;
  readonly tokens?: Readonly<Record<string, number>> | undefined;
  /** In USD. */
  readonly cost?: Readonly<Record<string, number>> | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  /** The tools that were declared to the model. */
  readonly tools?: readonly unknown[] | undefined;
  /** The conversation, in the form of OpenAI's chat API. */
  readonly system?: readonly unknown[] | undefined;
  readonly asked?: readonly unknown[] | undefined;
  readonly answered?: readonly unknown[] | undefined;
  /** Input and output of a step that is not a conversation. */
  readonly input?: unknown;
  readonly output?: unknown;
  /** What went wrong if the span failed, if its exception or status says too little or too much. */
  readonly error?: string | undefined;
  /** Whether it only groups other spans, and does not report their failures. */
  readonly isFrame?: boolean | undefined;
  readonly sessionId?: string | undefined;
  readonly userId?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  /** What to keep besides the unread attributes. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** From the start to the first token. */
  readonly firstTokenMs?: number | undefined;
}

/** How one framework records the steps of an agent. */
export interface Dialect {
  /** The first words of its attributes' names. Default: it is always read. */
  readonly families?: readonly string[];
  /** The scope that its spans are recorded in, also those without attributes. */
  readonly scope?: string;
  kind?(attributes: AttributeReader, span: OtelSpan): Kind | undefined;
  read(attributes: AttributeReader, span: OtelSpan, kind: Kind): Reading;
}

/** An agent's usage repeats that of its model calls, so it is left in the metadata. */
export function callsModel(kind: Kind): boolean {
  return kind === "LLM" || kind === "EMBEDDING";
}
