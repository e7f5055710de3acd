import { STATUS_CODES } from "node:http";
import { type ErrorCode, errorCodes } from "@pandaprobe/contract";
import {
  type MethodAndPath,
  ProblemError,
  problemBody,
  problemContentType,
  refusalProblem,
  requestRefusal,
  unknownRoute,
  unsupportedMediaType,
} from "@pandaprobe/contract/rules";
import { RequestValidationError } from "@ts-rest/fastify";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isStatementTimeout, isUnavailable } from "../db/sql-state.ts";

/** Answers an error. */
type SendError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/**
 * Answers every error, including unknown routes and the framework's own errors.
 *
 * @param options.closed paths that have routes but are answered 404.
 * @param options.send how to answer. Default: as a problem document.
 */
export function registerProblems(
  app: FastifyInstance,
  {
    closed = [],
    send = sendProblem,
  }: { readonly closed?: readonly string[]; readonly send?: SendError } = {},
): void {
  const routes: MethodAndPath[] = [];
  app.addHook("onRoute", ({ method, url }) => {
    // The route `*` answers CORS preflights, whether or not the path exists.
    if (url === "*" || closed.includes(url)) return;
    for (const each of [method].flat()) routes.push({ method: each, path: url });
  });
  app.setErrorHandler((error, request, reply) => send(error, request, reply));
  const answerUnknown = (request: FastifyRequest, reply: FastifyReply) => {
    const [path = ""] = request.url.split("?");
    return send(unknownRoute(routes, { method: request.method, path }), request, reply);
  };
  app.setNotFoundHandler(answerUnknown);
  // Before Fastify looks at the body, because it rejects a QUERY without one, whatever the path.
  app.addHook("preParsing", (request, reply, _payload, next) => {
    if (request.is404) answerUnknown(request, reply);
    else next();
  });
}

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblemError(error, request);
  logFailure(error, problem, request);
  if (problem.retryAfterSeconds !== undefined)
    reply.header("retry-after", Math.ceil(problem.retryAfterSeconds));
  if (problem.allow !== undefined) reply.header("allow", problem.allow.join(", "));
  // A compressed stream that broke before its first byte has set it already; the problem is not compressed.
  reply.removeHeader("content-encoding");
  return reply
    .status(problem.status)
    .header("x-request-id", request.id)
    .header("content-type", problemContentType)
    .send(JSON.stringify(problemBody(problem, request.id)));
}

/** Logs an error that is ours. */
export function logFailure(error: unknown, problem: ProblemError, request: FastifyRequest): void {
  const hasLeft = request.gone?.aborted && error === request.gone.reason;
  if (problem.status === 500 && !hasLeft) request.log.error({ err: error }, "A request failed.");
}

type Issues = { readonly issues: readonly unknown[] } | null;

/** Errors of the contract's schemas. */
export function validationProblem(error: {
  readonly pathParams: Issues;
  readonly query: Issues;
  readonly body: Issues;
}): ProblemError {
  return refusalProblem(
    requestRefusal({
      path: error.pathParams?.issues,
      query: error.query?.issues,
      body: error.body?.issues,
    }),
  );
}

export function toProblemError(error: unknown, request: FastifyRequest): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof RequestValidationError) return validationProblem(error);
  if (isStatementTimeout(error)) {
    return new ProblemError(
      "unavailable",
      "The database took too long. Try again in a moment, or request less.",
      { retryAfterSeconds: 5, cause: error },
    );
  }
  if (isUnavailable(error)) {
    return new ProblemError(
      "unavailable",
      "The database cannot be reached right now. Try again in a moment.",
      {
        retryAfterSeconds: 1,
        cause: error,
      },
    );
  }
  const { statusCode, code, message } = error as FastifyError;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new ProblemError(frameworkErrorCode(statusCode), frameworkErrorDetail(code, message, request));
  }
  return new ProblemError(
    "internal_error",
    "Something went wrong on our side. Quote the request id when you report it.",
    {
      cause: error,
    },
  );
}

function frameworkErrorCode(status: number): ErrorCode {
  const codes: Readonly<Record<number, ErrorCode>> = {
    404: "not_found",
    408: "request_timeout",
    413: "body_too_large",
    414: "uri_too_long",
    415: "unsupported_media_type",
    431: "headers_too_large",
  };
  return codes[status] ?? "malformed_request";
}

function frameworkErrorDetail(code: string | undefined, message: string, request: FastifyRequest): string {
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return unsupportedMediaType().message;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return `The body is larger than ${request.routeOptions.bodyLimit} bytes. Send less at once.`;
  }
  return message.endsWith(".") ? message : `${message}.`;
}

/** The whole HTTP response to bytes that Node could not parse as a request. */
export function rawProblem(status: 400 | 408 | 431, requestId: string): string {
  const code = frameworkErrorCode(status);
  const body = JSON.stringify(problemBody(new ProblemError(code, `${errorCodes[code].title}.`), requestId));
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${problemContentType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-ID: ${requestId}`,
    "Connection: close",
    "",
    body,
  ].join("\r\n");
}
