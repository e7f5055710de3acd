import type { Trace } from "./trace.ts";
import { traceView } from "./trace-view.ts";
import { fit } from "./trim/fit.ts";

/** The trace under evaluation, rendered once for all questions about it. */
export interface Subject {
  readonly trace: Trace;
  /** The trace as the judge reads it: fenced JSON (see `fence.ts`), cut to the judge's context if it had to be. */
  readonly text: string;
  /** Whether `text` lost something to fit the judge's context. */
  readonly trimmed: boolean;
  /** The most characters that `text` was allowed. */
  readonly maxChars: number;
}

/** Renders a trace for a judge that takes `maxChars` characters of it; never fails for size alone. */
export function renderSubject(trace: Trace, maxChars: number): Subject {
  const { text, trimmed } = fit(traceView(trace), maxChars);
  return { trace, text, trimmed, maxChars };
}
