import type { GetRunOptions, StreamRunOptions } from "../options/request-options.ts";

/** The content of a request, apart from the ids in its path. */
export interface RequestInput {
  readonly query?: object | undefined;
  readonly metric?: string | undefined;
  readonly body?: unknown;
  /** The body as JSON text, instead of `body`. */
  readonly json?: string | undefined;
  /** Whether the request outlives the page that sends it; browsers allow 64 KiB of those. */
  readonly keepalive?: boolean | undefined;
}

/** The options of any call, including those that only some methods declare. */
export interface CallOptions extends GetRunOptions, StreamRunOptions {
  readonly deleteScores?: boolean | undefined;
  /** How long a stream may be silent from now on, in milliseconds. Default: `timeoutMs`. */
  readonly silenceMs?: (() => number) | undefined;
  /** Whether the caller handles this failure, so that it is not logged as an error. Default: never. */
  readonly handles?: ((error: unknown) => boolean) | undefined;
}
