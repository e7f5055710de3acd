import { deletedEvent, eventStreamStart, isOpen, runEvent, runState } from "@pandaprobe/contract/rules";
import { onAbort } from "../../../async/on-abort.ts";
import type { Project, Run } from "../state/project.ts";
import type { World } from "../world.ts";
import { hurryRun } from "./progress-run.ts";

/** The event stream of a run, which progresses from event to event without delay unless it never progresses by itself. */
export function runEvents(
  { world, project, signal }: { world: World; project: Project; signal: AbortSignal },
  run: Run,
  lastEventId: string | null,
): Response {
  const stop = new AbortController();
  const stopListening = onAbort(signal, () => stop.abort());
  const texts = eventTexts(world, project, run, lastEventId, stop.signal);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await texts.next();
      if (done !== true) return controller.enqueue(encoder.encode(value));
      stopListening();
      controller.close();
    },
    cancel() {
      stopListening();
      stop.abort();
    },
  });
  const headers = {
    "content-type": "text/event-stream",
    "cache-control": "no-cache",
    // As the server sends it. Without it, msw closes the connection when a client disconnects, which can crash Node's `fetch`.
    "transfer-encoding": "chunked",
  };
  return new Response(body, { headers });
}

async function* eventTexts(
  world: World,
  project: Project,
  run: Run,
  lastEventId: string | null,
  left: AbortSignal,
): AsyncGenerator<string, void> {
  let sent = runState(run.response);
  yield eventStreamStart + (sent === lastEventId ? "\n" : runEvent(run.response));
  while (isOpen(run.response) && !left.aborted) {
    hurryRun(world, project, run);
    if (runState(run.response) === sent) await world.changes.next(left);
    if (project.runs.get(run.response.id) !== run) {
      yield deletedEvent(run.response.id);
      return;
    }
    if (runState(run.response) !== sent) yield runEvent(run.response);
    sent = runState(run.response);
  }
}
