import { Readable } from "node:stream";
import type { EvalRunResponse } from "@pandaprobe/contract";
import { deletedEvent, eventStreamStart, ProblemError, runEvent, runState } from "@pandaprobe/contract/rules";
import { type FollowOptions, followRun } from "../features/runs/read/follow-run.ts";
import type { Log } from "../log.ts";

interface RunEventsOptions extends FollowOptions {
  /** The last event that the client has seen. */
  readonly lastEventId: string | undefined;
  readonly log: Log;
}

/**
 * A run's states as server-sent events, until the run ends. If the server stops or the database does not answer, the
 * stream ends early and clients reconnect.
 *
 * @throws ProblemError `not_found`
 */
export async function runEvents(options: RunEventsOptions): Promise<Readable> {
  const states = followRun(options);
  // Even if the stream is never read.
  options.stop.addEventListener("abort", () => void states.return(), { once: true });
  const first = await states.next();
  return Readable.from(eventTexts(first.value ?? null, states, options));
}

async function* eventTexts(
  first: EvalRunResponse | null,
  rest: AsyncGenerator<EvalRunResponse | null, void>,
  { runId, lastEventId, log }: RunEventsOptions,
): AsyncGenerator<string> {
  try {
    // Sends something even if the client has seen this state, so that it gets the headers.
    const isSeen = first === null || runState(first) === lastEventId;
    yield eventStreamStart + (isSeen ? "\n" : runEvent(first));
    for await (const run of rest) yield run === null ? ":\n\n" : runEvent(run);
  } catch (error) {
    if (error instanceof ProblemError && error.code === "not_found") {
      yield deletedEvent(runId);
    } else {
      log.warn({ err: error, run: runId }, "A stream of run events broke; its client reconnects.");
    }
  }
}
