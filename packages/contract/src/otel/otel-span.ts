/** The part of OpenTelemetry's `ReadableSpan` that is read, in versions 1 to 3 of its SDK. */
export interface OtelSpan {
  readonly name: string;
  spanContext(): { readonly traceId: string; readonly spanId: string };
  /** Of SDK 2 and 3. */
  readonly parentSpanContext?:
    | { readonly spanId: string; readonly isRemote?: boolean | undefined }
    | undefined;
  /** Of SDK 1. */
  readonly parentSpanId?: string | undefined;
  /** Of OpenTelemetry's `SpanKind`: 2 is a client's. */
  readonly kind?: number | undefined;
  readonly startTime: OtelTime;
  readonly endTime: OtelTime;
  readonly status: { readonly code: number; readonly message?: string | undefined };
  readonly attributes: OtelAttributes;
  readonly events: readonly OtelEvent[];
  readonly resource?: { readonly attributes: OtelAttributes } | undefined;
  /** Of SDK 2 and 3. */
  readonly instrumentationScope?: { readonly name: string } | undefined;
  /** Of SDK 1. */
  readonly instrumentationLibrary?: { readonly name: string } | undefined;
}

export interface OtelEvent {
  readonly name: string;
  readonly time: OtelTime;
  readonly attributes?: OtelAttributes | undefined;
}

/** Seconds and nanoseconds since 1970. */
export type OtelTime = readonly [seconds: number, nanoseconds: number];

/** Newer instrumentations write structured values where older ones write JSON. */
export type OtelAttributes = Readonly<Record<string, unknown>>;

export const parentIdOf = ({ parentSpanContext, parentSpanId }: OtelSpan): string | undefined => {
  const id = parentSpanContext?.spanId ?? parentSpanId;
  return id === "" ? undefined : id;
};

/** What recorded the span. */
export const scopeOf = ({ instrumentationScope, instrumentationLibrary }: OtelSpan): string =>
  (instrumentationScope ?? instrumentationLibrary)?.name ?? "";

/** The status code of a failed operation. */
export const errorStatus = 2;
