import { Readable } from "node:stream";
import type { EvalRunResponse } from "@pandaprobe/contract";
import { ProblemError } from "@pandaprobe/contract/rules";
import { hasEnded } from "../features/runs/has-ended.ts";
import { type FollowOptions, followRun, runState } from "../features/runs/read/follow-run.ts";
import type { Log } from "../log.ts";

/** After how many milliseconds a client that lost its stream asks for it again. */
const retry = "retry: 1000\n";

export interface RunEventsOptions extends FollowOptions {
  /** Of the last event that the client has seen. */
  readonly lastEventId: string | undefined;
  readonly log: Log;
}

/**
 * A run's states as server-sent events, which end with the run. A stream that ends before, for the server stops or the
 * database does not answer, is one that clients ask for again.
 *
 * @throws ProblemError `not_found` where there is no such run.
 */
export async function runEvents(options: RunEventsOptions): Promise<Readable> {
  const states = followRun(options);
  // Also where nobody ever reads the stream.
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
    // Also where the client has seen this state, something is sent: it then has the headers.
    const isSeen = first === null || runState(first) === lastEventId;
    yield isSeen ? `${retry}\n` : retry + stateText(first);
    for await (const run of rest) yield run === null ? ":\n\n" : stateText(run);
  } catch (error) {
    if (error instanceof ProblemError && error.code === "not_found") {
      yield eventText("deleted", { id: runId });
    } else {
      log.warn({ err: error, run: runId }, "A stream of a run's events broke off; its client asks again.");
    }
  }
}

function stateText(run: EvalRunResponse): string {
  return `id: ${runState(run)}\n${eventText(hasEnded(run) ? "end" : "progress", run)}`;
}

function eventText(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
