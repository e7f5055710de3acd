import { otlpRoutes } from "@pandaprobe/contract";
import { safeRequestId, unknownRoute } from "@pandaprobe/contract/rules";
import { type HttpHandler, http, type RequestHandler } from "msw";
import { environmentVariable } from "../../options/environment.ts";
import { answerRequest } from "./answer-request.ts";
import { type Fault, FaultQueue, type FaultScript, faultResponse } from "./faults/faults.ts";
import { type Operation, type OperationName, operations } from "./operation.ts";
import { answerOtlp, type OtlpName, otlpRefusal } from "./otlp/answer-otlp.ts";
import { type ReceivedCall, receivedCall } from "./received-call.ts";
import { problemResponse } from "./responses.ts";
import type { RunScript } from "./runs/run-script.ts";
import type { ScoreScript } from "./scores/score-script.ts";
import { Ids } from "./state/ids.ts";
import type { MockKey } from "./state/keys.ts";
import { Store } from "./store.ts";

export interface MockOptions {
  /**
   * The base URL of the API, like the client's `endpoint`. `"*"`: any host and any path. It then also answers other
   * requests whose path ends like one of the API's. Default: `PANDAPROBE_ENDPOINT`, or `http://127.0.0.1:8000`, like
   * the client.
   */
  readonly endpoint?: string | undefined;
  /**
   * The accepted API keys. A plain string has all scopes in all projects. Keys that a test creates are accepted too.
   * Default: any key.
   */
  readonly apiKeys?: readonly (string | MockKey)[] | undefined;
  /**
   * The keys of the configured judge providers. `heuristic` is always configured. Runs with a model of any other
   * provider are rejected. Default: `openai`, `anthropic`, `google_genai` and `vertex_ai`.
   */
  readonly providers?: readonly string[] | undefined;
  /** Models without a price, as `provider/model`: their runs with `max_cost_usd` are rejected. Default: none. */
  readonly unpriced?: readonly string[] | undefined;
}

/** A mock server with state: tests can read back what they store, and script the scores. */
export interface PandaProbeMock {
  /** For msw's `setupServer(...handlers)`, or `setupWorker` in a browser. */
  readonly handlers: RequestHandler[];
  /** Scripts the scores of runs. Without a script, a score is 0.9. */
  readonly scores: ScoreScript;
  /** Scripts how runs progress and fail. */
  readonly runs: RunScript;
  /** Scripts calls that fail. */
  readonly faults: FaultScript;
  /** All requests so far, including those that met a fault. @param operation only requests of this operation */
  calls(operation?: OperationName): ReceivedCall[];
  /**
   * Advances the clock of the mock server, in addition to the time that passes anyway. Runs and monitors follow it.
   *
   * @param ms milliseconds.
   * @throws RangeError unless `ms` is a finite number from 0.
   */
  advance(ms: number): void;
  /** Deletes everything stored, scripted and recorded. Call it after each test. */
  reset(): void;
}

const defaultEndpoint = "http://127.0.0.1:8000";
const llmProviders = ["openai", "anthropic", "google_genai", "vertex_ai"];

/**
 * The whole API of PandaProbe as request handlers for msw, with state, to test an application without a server.
 * Requests are validated by the contract, so the mock server rejects what the server would reject.
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

  const answer = async (
    operation: Pick<Operation, "id" | "path">,
    request: Request,
    work: (requestId: string) => Promise<Response>,
  ): Promise<Response> => {
    received.push(await receivedCall(operation, request.clone()));
    const requestId = requestIdOf(request);
    const fault = faults.take(operation.id);
    if (fault === "network_error") return Response.error();
    if (isRefusal(fault)) return faultResponse(fault, requestId, operation);
    if (typeof fault === "object") await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    const response = await work(requestId);
    return fault === "lost_answer" ? Response.error() : response;
  };

  const base = endpoint.replace(/\/+$/, "");
  const handlers: HttpHandler[] = operations.map((operation) =>
    http[methods[operation.method] ?? "all"](`${base}${operation.path}`, async ({ request }) => {
      const work = (requestId: string) => answerRequest(operation, request, store, requestId);
      return readable(await answer(operation, request, work), request);
    }),
  );
  for (const name of Object.keys(otlpRoutes) as OtlpName[]) {
    const { path } = otlpRoutes[name];
    handlers.push(
      http.post(`${base}${path}`, async ({ request }) => {
        const work = (requestId: string) => answerOtlp(name, request, store, requestId);
        return readable(await answer({ id: name, path }, request, work), request);
      }),
    );
  }
  if (endpoint === "*") {
    handlers.push(
      ...[...operations, ...Object.values(otlpRoutes)].map(({ path }) =>
        http.options(`*${path}`, ({ request }) => preflight(request)),
      ),
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
        throw new RangeError(`advance() takes a finite number of milliseconds from 0, not ${ms}.`);
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
    const path = new URL(request.url).pathname.slice(new URL(base).pathname.replace(/\/$/, "").length);
    const routes = [...operations, ...Object.values(otlpRoutes)];
    const refuse = path.startsWith("/v1/") ? otlpRefusal : problemResponse;
    return refuse(unknownRoute(routes, { method: request.method, path }), requestIdOf(request));
  }
}

/** The answer to a CORS preflight request. Browsers send them, and so does happy-dom. */
function preflight({ headers }: Request): Response {
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
      "access-control-allow-headers": headers.get("access-control-request-headers") ?? "",
    },
  });
}

/** The response with CORS headers, if a page of another origin asks. */
function readable(response: Response, { headers }: Request): Response {
  if (headers.has("origin") && response.type !== "error") {
    response.headers.set("access-control-allow-origin", "*");
    response.headers.set("access-control-expose-headers", "*");
  }
  return response;
}

const methods: Readonly<Record<string, "get" | "post" | "put" | "patch" | "delete">> = {
  GET: "get",
  POST: "post",
  PUT: "put",
  PATCH: "patch",
  DELETE: "delete",
};

function isRefusal(fault: Fault | undefined): fault is Extract<Fault, { readonly status: number }> {
  return typeof fault === "object" && "status" in fault;
}
