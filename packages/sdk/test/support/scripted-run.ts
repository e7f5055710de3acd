import { type EvalRunResponse, PandaProbe } from "@pandaprobe/sdk";
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

/** A client whose server does the steps in turn, and the last one over and over. */
export function scriptedRun(...steps: readonly Step[]) {
  const looks: SeenLook[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const [, seconds = 0] = /^wait=(\d+)$/.exec(request.headers.get("prefer") ?? "") ?? [];
    const look = { at: performance.now(), waitSeconds: Number(seconds) };
    looks.push(look);
    const step = steps[Math.min(looks.length, steps.length) - 1];
    if (step === undefined) throw new Error("There must be a step at least.");
    return step(request, look);
  };
  return { client: new PandaProbe({ apiKey: "sk_pp_test", projectName: "a", fetch }), looks };
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
