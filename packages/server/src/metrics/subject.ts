import type { Trace } from "./trace.ts";
import { traceView } from "./trace-view.ts";
import { fit } from "./trim/fit.ts";

/** The trace under evaluation, rendered once for all questions about it. */
export interface Subject {
  readonly trace: Trace;
  /** The trace as the judge reads it: fenced JSON (see `fence.ts`), trimmed to the judge's context if necessary. */
  readonly text: string;
  /** Whether `text` was trimmed. */
  readonly trimmed: boolean;
  /** The limit that `text` was rendered for, in characters. */
  readonly maxChars: number;
}

/** Renders a trace for a judge that takes `maxChars` characters of it. Never fails because of size. */
export function renderSubject(trace: Trace, maxChars: number): Subject {
  const { text, trimmed } = fit(traceView(trace), maxChars);
  return { trace, text, trimmed, maxChars };
}
