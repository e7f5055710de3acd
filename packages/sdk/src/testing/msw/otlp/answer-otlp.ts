import { type ApiKeyInfo, otlpRoutes } from "@pandaprobe/contract";
import {
  authorize,
  jsonContentType,
  type OtlpReceipt,
  otlpAnswer,
  otlpJson,
  otlpStatus,
  ProblemError,
} from "@pandaprobe/contract/rules";
import { authenticate } from "../request/authenticate.ts";
import { jsonResponse } from "../responses.ts";
import { isoTime } from "../state/clock.ts";
import type { Project } from "../state/project.ts";
import type { Store } from "../store.ts";
import type { OtlpCall } from "./otlp-call.ts";
import { receiveLogs } from "./receive-logs.ts";
import { receiveTraces } from "./receive-traces.ts";

export type OtlpName = keyof typeof otlpRoutes;

const receivers: { readonly [Name in OtlpName]: (call: OtlpCall) => OtlpReceipt } = {
  exportTraces: receiveTraces,
  exportLogs: receiveLogs,
};

/** Answers an OTLP request like the server, but only in JSON. */
export async function answerOtlp(
  name: OtlpName,
  request: Request,
  store: Store,
  requestId: string,
): Promise<Response> {
  const { metadata, rejected } = otlpRoutes[name];
  try {
    const caller = authenticate(metadata, withKey(request.headers), {}, store.keys);
    if (caller === null) throw new TypeError(`${name} needs a key.`);
    const sent = request.headers.get("x-project-name");
    const named = sent === null ? null : authorize(caller.key, "ingest", "header", sent);
    if (!jsonContentType.test(request.headers.get("content-type") ?? "")) throw onlyJson();
    store.settle();
    const receipt = receivers[name]({
      request: otlpJson(await request.text()),
      named,
      store,
      open: (project) => opened(store, caller.key, project),
    });
    return jsonResponse(otlpAnswer(rejected, receipt), 200, {
      "content-type": "application/json",
      "x-request-id": requestId,
    });
  } catch (error) {
    if (error instanceof ProblemError) return otlpRefusal(error, requestId);
    throw error;
  }
}

/** An error in OTLP's form. */
export function otlpRefusal(error: ProblemError, requestId: string): Response {
  return jsonResponse(otlpStatus(error), error.status, {
    "content-type": "application/json",
    "x-request-id": requestId,
    ...(error.allow === undefined ? {} : { allow: error.allow.join(", ") }),
  });
}

/** Exporters may send their key as a bearer token. */
function withKey(sent: Headers): Headers {
  const [, key] = /^bearer +(\S+)$/i.exec(sent.get("authorization") ?? "") ?? [];
  const headers = new Headers(sent);
  if (key !== undefined && !headers.has("x-api-key")) headers.set("x-api-key", key);
  return headers;
}

function opened(store: Store, key: ApiKeyInfo, name: string): Project {
  authorize(key, "ingest", "header", name);
  const project = store.project(name);
  project.createdAt ??= isoTime(store.world.clock.now());
  return project;
}

function onlyJson(): ProblemError {
  const detail =
    "The mock server reads OTLP only as JSON: set OTEL_EXPORTER_OTLP_PROTOCOL=http/json, without compression.";
  return new ProblemError("unsupported_media_type", detail);
}
