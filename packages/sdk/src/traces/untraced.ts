interface Context {
  setValue(key: symbol, value: unknown): Context;
}
interface OpenTelemetry {
  readonly context?: {
    active(): Context;
    with<T>(context: Context, run: () => T): T;
  };
}

/** The symbols by which OpenTelemetry's API registers itself, and its SDK suppresses tracing. */
const api = Symbol.for("opentelemetry.js.api.1");
const suppressed = Symbol.for("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/** Runs a function that OpenTelemetry, if it is present with a context manager, does not trace. */
export function untraced<T>(run: () => T): T {
  const manager = (globalThis as { [api]?: OpenTelemetry })[api]?.context;
  return manager === undefined ? run() : manager.with(manager.active().setValue(suppressed, true), run);
}
