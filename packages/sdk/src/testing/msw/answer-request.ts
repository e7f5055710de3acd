import { ProblemError, unknownParametersWarning } from "@pandaprobe/contract/rules";
import { handlers } from "./handlers.ts";
import type { Operation, OperationName } from "./operation.ts";
import type { Call } from "./operation-handler.ts";
import { authenticate } from "./request/authenticate.ts";
import { idempotent } from "./request/idempotent.ts";
import { jsonBody, parseRequest, pathValues, queryValues } from "./request/read-request.ts";
import { jsonResponse, problemResponse } from "./responses.ts";
import { isoTime } from "./state/clock.ts";
import type { Store } from "./store.ts";

type AnyHandler = (call: Call<unknown>) => unknown;

/** By operation. Requests are validated before a handler is called, so losing the types is safe. */
const byName = Object.fromEntries(
  Object.values(handlers).flatMap((resource) => Object.entries(resource)),
) as unknown as Readonly<Record<OperationName, AnyHandler>>;

/** Answers a request like the server. */
export async function answerRequest(
  operation: Operation,
  request: Request,
  store: Store,
  requestId: string,
): Promise<Response> {
  const response = await answer(operation, request, store, requestId).catch((error: unknown) => {
    if (error instanceof ProblemError) return problemResponse(error, requestId);
    throw error;
  });
  if (!response.headers.has("x-request-id")) response.headers.set("x-request-id", requestId);
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const warning = unknownParametersWarning(operation.query, query);
  if (warning !== null) response.headers.set("warning", warning);
  return response;
}

async function answer(
  operation: Operation,
  request: Request,
  store: Store,
  requestId: string,
): Promise<Response> {
  const { headers, method, signal } = request;
  const url = new URL(request.url);
  const path = pathValues(operation.path, url.pathname);
  const caller = authenticate(operation.metadata, headers, path, store.keys);
  const text = await request.text();
  const sent = {
    path,
    query: queryValues(url.searchParams),
    body: jsonBody(text, headers.get("content-type")),
  };
  const values = parseRequest(operation, sent);
  const { world } = store;
  const project = store.project(caller?.projectName ?? null);
  const creates = method === "POST" || method === "PUT";
  if (creates && caller?.projectName != null) project.createdAt ??= isoTime(world.clock.now());
  store.settle();
  // The values have the types of the operation's schemas, which a list of all operations cannot express.
  const audited: Call<unknown>["audited"] = {};
  const call = {
    ...values,
    sentBody: sent.body,
    headers,
    signal,
    project,
    caller,
    store,
    world,
    audited,
  } as Call<unknown>;
  const work = () => {
    const body = byName[operation.id](call);
    if (operation.metadata.audit !== undefined && caller !== null) {
      store.events.push({
        id: world.ids.next(),
        at: isoTime(world.clock.now()),
        action: operation.metadata.audit,
        project: caller.projectName,
        subject: audited.subject ?? Object.values((values.path ?? {}) as Record<string, string>)[0] ?? null,
        key_id: caller.key.id,
        request_id: requestId,
        details: audited.details ?? {},
      });
    }
    return { status: operation.status, body };
  };
  const isReplayable = method === "POST" && caller?.projectName != null;
  const key = isReplayable ? headers.get("idempotency-key") : null;
  if (key === null) return responseOf(work(), false);
  const scope = { project, key, request: `${method} ${url.href}\n${text}`, now: world.clock.now() };
  const { answer: answered, isReplay } = idempotent(scope, work);
  return responseOf(answered, isReplay);
}

function responseOf(
  answered: { readonly status: number; readonly body: unknown },
  isReplay: boolean,
): Response {
  const { status, body } = answered;
  if (body instanceof Response) return body;
  if (body === undefined) return new Response(null, { status });
  return jsonResponse(body, status, isReplay ? { "idempotency-replayed": "true" } : {});
}
