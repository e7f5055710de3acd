import { isNotFoundError, NotFoundError } from "../errors/api-errors.ts";
import { isRetryable } from "../errors/retryable.ts";
import type { EvalRunResponse } from "../generated/types.ts";
import type { CallOptions } from "../http/request.ts";
import type { RunEvent } from "../http/run-events.ts";
import type { SessionRunMethods } from "../methods/session-run-methods.ts";
import type { TraceRunMethods } from "../methods/trace-run-methods.ts";

/** Reads and streams runs over traces or sessions. */
export class RunSource {
  readonly #methods: TraceRunMethods & SessionRunMethods;
  readonly #projectName: string;

  constructor(methods: TraceRunMethods & SessionRunMethods, projectName: string) {
    this.#methods = methods;
    this.#projectName = projectName;
  }

  /** @param run its last known state; `null` if only the id is known. */
  async read(runId: string, run: EvalRunResponse | null, options: CallOptions): Promise<EvalRunResponse> {
    if (run?.target_type !== "SESSION") {
      // Most runs are over traces, so an id is looked up there first.
      const handles = (error: unknown) => isNotFoundError(error) || isRetryable(error);
      const lookup: CallOptions = run ? options : { ...options, handles };
      try {
        return await this.#methods.getTraceRun(runId, lookup);
      } catch (error) {
        if (run || !isNotFoundError(error)) throw error;
      }
    }
    try {
      return await this.#methods.getSessionRun(runId, options);
    } catch (error) {
      // A 404 without a code is not from this API; its own message says more.
      if (run || !isNotFoundError(error) || error.code === null) throw error;
      const detail = `The project "${this.#projectName}" has no run ${runId}. Check the id and \`projectName\`.`;
      throw new NotFoundError(detail, { ...error, detail, cause: error });
    }
  }

  stream({ id, target_type }: EvalRunResponse, options: CallOptions): AsyncGenerator<RunEvent, void> {
    return target_type === "SESSION"
      ? this.#methods.streamSessionRun(id, options)
      : this.#methods.streamTraceRun(id, options);
  }
}
