import { type EvalRunResponse, PandaProbe } from "@pandaprobe/sdk";
import { requestFetch } from "./request-fetch.ts";
import { sampleRun } from "./sample-run.ts";

/** A poll of the run, as the server received it. */
export interface ReceivedPoll {
  /** By `performance.now()`. */
  readonly at: number;
  /** How long the server was asked to hold its response; 0 if it was not. */
  readonly waitSeconds: number;
}

/** What the server does with a poll. */
export type Step = (request: Request, poll: ReceivedPoll) => Response | Promise<Response>;

/** What the server does when it is asked for a run's events. */
export type StreamStep = (request: Request) => Response | Promise<Response>;

/** A client whose server does not stream. It does the steps in turn, and repeats the last one. */
export function scriptedRun(...steps: readonly Step[]) {
  return streamingRun([noStream], ...steps);
}

/** The same with a server that streams. It gives the streams in turn, and repeats the last one. */
export function streamingRun(streams: readonly StreamStep[], ...steps: readonly Step[]) {
  const polls: ReceivedPoll[] = [];
  /** When each stream was requested, and after which event. */
  const opened: { readonly at: number; readonly lastEventId: string | null }[] = [];
  const fetch = requestFetch(async (request) => {
    if (request.url.endsWith("/events")) {
      opened.push({ at: performance.now(), lastEventId: request.headers.get("last-event-id") });
      const stream = streams[Math.min(opened.length, streams.length) - 1] ?? noStream;
      return stream(request);
    }
    const [, seconds = 0] = /^wait=(\d+)$/.exec(request.headers.get("prefer") ?? "") ?? [];
    const poll = { at: performance.now(), waitSeconds: Number(seconds) };
    polls.push(poll);
    const step = steps[Math.min(polls.length, steps.length) - 1];
    if (step === undefined) throw new Error("There must be at least one step.");
    return step(request, poll);
  });
  return { client: new PandaProbe({ apiKey: "sk_pp_test", projectName: "a", fetch }), polls, opened };
}

/** An older server, which has no streams. */
export const noStream: StreamStep = () =>
  Response.json({ detail: "No such route.", code: "route_not_found" }, { status: 404 });

/** A part of a stream: a text, a pause in milliseconds, or an error that breaks it. */
export type StreamPart = string | number | "breaks";

/** Streams the parts, and then ends. Like some mock servers, it ignores the request's signal. */
export const streams =
  (...parts: readonly StreamPart[]): StreamStep =>
  () => {
    const encoder = new TextEncoder();
    const left = parts.values();
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { value, done } = left.next();
        if (done === true) return controller.close();
        if (value === "breaks") return controller.error(new TypeError("terminated"));
        if (typeof value === "string") return controller.enqueue(encoder.encode(value));
        // Tests count the remaining timers, so the stream must clear those that it no longer needs.
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, value);
          stopWaiting = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        if (!isCancelled) controller.enqueue(encoder.encode(""));
      },
      cancel() {
        isCancelled = true;
        stopWaiting();
      },
    });
    let stopWaiting = () => {};
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };

/** An event of a run, as the server writes it. */
export function eventText(event: "progress" | "end", changes: object = {}): string {
  const run = { ...sampleRun(), ...changes };
  const id = `${run.status}-${run.evaluated_count}-${run.failed_count}`;
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(run)}\n\n`;
}

/** Answers with the run. */
export const answers =
  (changes: Partial<EvalRunResponse> = {}, headers: Record<string, string> = {}): Step =>
  () =>
    Response.json(sampleRun(changes), { headers });

/** Holds the response as long as requested. */
export const holds =
  (changes: Partial<EvalRunResponse>, milliseconds = 60_000): Step =>
  async (request, { waitSeconds }) => {
    await delay(Math.min(milliseconds, waitSeconds * 1000), request);
    const headers: Record<string, string> =
      waitSeconds > 0 ? { "preference-applied": `wait=${waitSeconds}` } : {};
    return Response.json(sampleRun(changes), { headers });
  };

export const fails =
  (status: number, headers: Record<string, string> = {}): Step =>
  () =>
    Response.json({ detail: "It is so.", code: "a_code" }, { status, headers });

export const isUnreachable: Step = () => {
  throw new TypeError("fetch failed");
};

export const hangs: Step = (request) => delay(2 ** 31 - 1, request).then(() => Response.json(sampleRun()));

/** Answers after a while, unless the client hangs up. */
export const late =
  (milliseconds: number, step: Step): Step =>
  async (request, poll) => {
    await delay(milliseconds, request);
    return step(request, poll);
  };

function delay(milliseconds: number, { signal }: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
