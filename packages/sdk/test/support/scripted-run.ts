import { type EvalRunResponse, PandaProbe } from "@pandaprobe/sdk";
import { requestFetch } from "./request-fetch.ts";
import { sampleRun } from "./sample-run.ts";

/** A look at the run, as the server saw it. */
export interface SeenLook {
  /** By `performance.now()`. */
  readonly at: number;
  /** How long it was asked to hold its answer; 0 where it was not. */
  readonly waitSeconds: number;
}

/** What the server does with a look. */
export type Step = (request: Request, look: SeenLook) => Response | Promise<Response>;

/** What the server does when it is asked for a run's events. */
export type StreamStep = (request: Request) => Response | Promise<Response>;

/** A client whose server streams nothing, does the steps in turn, and the last one over and over. */
export function scriptedRun(...steps: readonly Step[]) {
  return streamingRun([noStream], ...steps);
}

/** The same, whose server streams: the streams are had in turn, and the last one over and over. */
export function streamingRun(streams: readonly StreamStep[], ...steps: readonly Step[]) {
  const looks: SeenLook[] = [];
  /** When each stream was asked for, and after which event. */
  const opened: { readonly at: number; readonly lastEventId: string | null }[] = [];
  const fetch = requestFetch(async (request) => {
    if (request.url.endsWith("/events")) {
      opened.push({ at: performance.now(), lastEventId: request.headers.get("last-event-id") });
      const stream = streams[Math.min(opened.length, streams.length) - 1] ?? noStream;
      return stream(request);
    }
    const [, seconds = 0] = /^wait=(\d+)$/.exec(request.headers.get("prefer") ?? "") ?? [];
    const look = { at: performance.now(), waitSeconds: Number(seconds) };
    looks.push(look);
    const step = steps[Math.min(looks.length, steps.length) - 1];
    if (step === undefined) throw new Error("There must be a step at least.");
    return step(request, look);
  });
  return { client: new PandaProbe({ apiKey: "sk_pp_test", projectName: "a", fetch }), looks, opened };
}

/** A server of before there were streams. */
export const noStream: StreamStep = () =>
  Response.json({ detail: "No such route.", code: "route_not_found" }, { status: 404 });

/** What a stream says, and when: a text, a pause in milliseconds, or that it breaks. */
export type StreamPart = string | number | "breaks";

/** Streams the parts, and then ends. Like some doubles, it does not know of the request's signal. */
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
        // A timer that nobody waits for any more must not count as one that was left behind.
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

/** Holds the answer as long as it is asked to. */
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
  async (request, look) => {
    await delay(milliseconds, request);
    return step(request, look);
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
