import { otlpStatus, type ProblemError } from "@pandaprobe/contract/rules";
import type { FastifyReply, FastifyRequest } from "fastify";
import { encodeAnswer, type OtlpEncoding } from "../../compute/otlp/messages.ts";
import { logFailure, sendProblem, toProblemError } from "../problems.ts";

export const protobufType = "application/x-protobuf";

/** The encoding of a request, and so of its response. */
export function encodingOf(request: FastifyRequest): OtlpEncoding {
  const [type = ""] = (request.headers["content-type"] ?? "").split(";");
  return type.trim().toLowerCase() === protobufType ? "protobuf" : "json";
}

/** Answers an error in the form of its route: a problem document, or for `/v1` a `google.rpc.Status`. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return (request.url.startsWith("/v1/") ? sendStatus : sendProblem)(error, request, reply);
}

/** Answers an error as a `google.rpc.Status`, as OTLP requires. */
function sendStatus(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem: ProblemError = toProblemError(error, request);
  logFailure(error, problem, request);
  if (problem.retryAfterSeconds !== undefined)
    reply.header("retry-after", Math.ceil(problem.retryAfterSeconds));
  if (problem.allow !== undefined) reply.header("allow", problem.allow.join(", "));
  reply.header("x-request-id", request.id);
  return sendEncoded(reply.status(problem.status), encodingOf(request), "status", otlpStatus(problem));
}

export function sendEncoded(
  reply: FastifyReply,
  encoding: OtlpEncoding,
  name: Parameters<typeof encodeAnswer>[0],
  answer: object,
): FastifyReply {
  const type = encoding === "protobuf" ? protobufType : "application/json";
  return reply.header("content-type", type).send(encodeAnswer(name, answer, encoding));
}
