/** The part of a trace of the OpenAI Agents SDK that is read. */
export interface AgentsTrace {
  readonly traceId: string;
  readonly name: string;
  readonly groupId: string | null;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** The part of a span of the OpenAI Agents SDK that is read. */
export interface AgentsSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly error: { readonly message: string; readonly data?: Readonly<Record<string, unknown>> } | null;
  /** Has a `type`, and other fields with each type. */
  readonly spanData: { readonly type: string };
}
