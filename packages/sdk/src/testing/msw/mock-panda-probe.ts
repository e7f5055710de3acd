import { safeRequestId, unknownRoute } from "@pandaprobe/contract/rules";
import { type HttpHandler, http, type RequestHandler } from "msw";
import { environmentVariable } from "../../options/environment.ts";
import { answerRequest } from "./answer-request.ts";
import { type Fault, FaultQueue, type FaultScript, faultResponse } from "./faults/faults.ts";
import { type Operation, type OperationName, operations } from "./operation.ts";
import { type ReceivedCall, receivedCall } from "./received-call.ts";
import { problemResponse } from "./responses.ts";
import type { RunScript } from "./runs/run-script.ts";
import type { ScoreScript } from "./scores/score-script.ts";
import { Ids } from "./state/ids.ts";
import type { MockKey } from "./state/keys.ts";
import { Store } from "./store.ts";

export interface MockOptions {
  /**
   * Where the API is, as the client's `endpoint`. `"*"`: anywhere, at any path; any other request whose path ends like one
   * of the API's is answered too, then. Default: where the client looks: `PANDAPROBE_ENDPOINT`, or
   * `http://127.0.0.1:8000`.
   */
  readonly endpoint?: string | undefined;
  /**
   * The API keys that are accepted; one that is only a text may do everything in all projects. Keys that a test creates are
   * accepted besides. Default: any.
   */
  readonly apiKeys?: readonly (string | MockKey)[] | undefined;
  /**
   * The judge providers that count as configured, by key; `heuristic` always does. A run by a model of another one is refused.
   * Default: `openai`, `anthropic`, `google_genai` and `vertex_ai`.
   */
  readonly providers?: readonly string[] | undefined;
  /** The models whose price is unknown, as `provider/model`: a run of one with `max_cost_usd` is refused. Default: none. */
  readonly unpriced?: readonly string[] | undefined;
}

/** PandaProbe, as far as a test needs it: what is stored is there to be read, and scores are as they are scripted. */
export interface PandaProbeMock {
  /** For msw's `setupServer(...handlers)`, or `setupWorker` in a browser. */
  readonly handlers: RequestHandler[];
  /** What runs find out. Where nothing is scripted, a score is 0.9. */
  readonly scores: ScoreScript;
  /** How runs go on, and how they fail. */
  readonly runs: RunScript;
  /** Calls that go wrong. */
  readonly faults: FaultScript;
  /** The requests so far, those that a fault met included. Of one operation, or of all. */
  calls(operation?: OperationName): ReceivedCall[];
  /**
   * Lets time pass for runs and monitors, on top of the time that passes by itself.
   *
   * @throws RangeError for what is no number of milliseconds from 0.
   */
  advance(ms: number): void;
  /** Forgets what is stored, scripted and counted. To be called after each test. */
  reset(): void;
}

const defaultEndpoint = "http://127.0.0.1:8000";
const llmProviders = ["openai", "anthropic", "google_genai", "vertex_ai"];

/**
 * PandaProbe's whole API as request handlers for msw, with a memory: an application that talks to it is tested without a
 * server. Requests are held against the contract, so that one that the server would refuse is refused here, too.
 *
 * @example
 * ```ts
 * import { mockPandaProbe } from "@pandaprobe/sdk/testing/msw";
 * import { setupServer } from "msw/node";
 *
 * const pandaProbe = mockPandaProbe();
 * const server = setupServer(...pandaProbe.handlers);
 * server.listen();
 * pandaProbe.scores.set("task_completion", 0.4, { reason: "It never booked the hotel." });
 * ```
 */
export function mockPandaProbe(options: MockOptions = {}): PandaProbeMock {
  const byDefault = environmentVariable("PANDAPROBE_ENDPOINT") ?? defaultEndpoint;
  const { endpoint = byDefault, apiKeys, providers = llmProviders, unpriced = [] } = options;
  const store = new Store(apiKeys, { providers, unpriced });
  const requestIds = new Ids("9000");
  const faults = new FaultQueue();
  const received: ReceivedCall[] = [];

  const answer = async (operation: Operation, request: Request): Promise<Response> => {
    received.push(await receivedCall(operation, request.clone()));
    const requestId = requestIdOf(request);
    const fault = faults.take(operation.id);
    if (fault === "network_error") return Response.error();
    if (isRefusal(fault)) return faultResponse(fault, requestId);
    if (typeof fault === "object") await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    const response = await answerRequest(operation, request, store, requestId);
    return fault === "lost_answer" ? Response.error() : response;
  };

  const base = endpoint.replace(/\/+$/, "");
  const handlers: HttpHandler[] = operations.map((operation) =>
    http[methods[operation.method] ?? "all"](`${base}${operation.path}`, async ({ request }) =>
      readable(await answer(operation, request), request),
    ),
  );
  if (endpoint === "*") {
    handlers.push(
      ...operations.map(({ path }) => http.options(`*${path}`, ({ request }) => preflight(request))),
    );
  } else {
    handlers.push(
      http.all(`${base}/*`, ({ request }) =>
        request.method === "OPTIONS" ? preflight(request) : readable(noRoute(request), request),
      ),
    );
  }

  return {
    handlers,
    scores: store.world.scores,
    runs: store.world.runs,
    faults,
    calls: (operation) => received.filter((call) => operation === undefined || call.operation === operation),
    advance(ms) {
      if (!(ms >= 0 && Number.isFinite(ms))) {
        throw new RangeError(`Time can be advanced by a number of milliseconds from 0, not by ${ms}.`);
      }
      store.world.clock.advance(ms);
      store.settle();
      store.world.changes.add();
    },
    reset() {
      store.reset();
      requestIds.reset();
      faults.reset();
      received.length = 0;
    },
  };

  function requestIdOf(request: Request): string {
    const sent = request.headers.get("x-request-id");
    return sent !== null && safeRequestId.test(sent) ? sent : requestIds.next();
  }

  function noRoute(request: Request): Response {
    const { pathname } = new URL(request.url);
    return problemResponse(unknownRoute(request.method, pathname), requestIdOf(request));
  }
}

/** The answer to a page of another origin, which asks first whether it may; happy-dom does so as browsers do. */
function preflight({ headers }: Request): Response {
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, POST, PATCH, DELETE",
      "access-control-allow-headers": headers.get("access-control-request-headers") ?? "",
    },
  });
}

/** The answer, with what lets a page of another origin read it. */
function readable(response: Response, { headers }: Request): Response {
  if (headers.has("origin") && response.type !== "error") {
    response.headers.set("access-control-allow-origin", "*");
    response.headers.set("access-control-expose-headers", "*");
  }
  return response;
}

const methods: Readonly<Record<string, "get" | "post" | "patch" | "delete">> = {
  GET: "get",
  POST: "post",
  PATCH: "patch",
  DELETE: "delete",
};

function isRefusal(fault: Fault | undefined): fault is Extract<Fault, { readonly status: number }> {
  return typeof fault === "object" && "status" in fault;
}
