import { errorCodes } from "../common/error-codes.ts";
import { limits } from "../common/limits.ts";
import type { OtlpRoute } from "../otlp.ts";
import { errorHeaders, errorsByStatus, successHeaders } from "./answers.ts";

type Json = Record<string, unknown>;

/** The description of an OTLP route. Its messages are OTLP's own, so they are described only in outline. */
export function otlpOperation(operationId: string, route: OtlpRoute): Json {
  const { method, metadata, summary, description, list, rejected } = route;
  const errors = errorsByStatus({ method, path: route.path, body: null, responses: {} }, metadata);
  const request = {
    type: "object",
    properties: { [list]: { type: "array", items: { type: "object" } } },
    ...sizeLimit,
  };
  return {
    operationId,
    summary,
    description: `${description} Needs a key with the scope \`${metadata.scope}\`.`,
    "x-required-scope": metadata.scope,
    tags: [metadata.tag],
    security: [{ apiKey: [] }],
    parameters: Object.entries(metadata.requestHeaders ?? {}).map(([name, header]) => ({
      name,
      in: "header",
      required: header.required ?? false,
      description: header.description,
      schema: { type: "string", examples: [header.example] },
    })),
    requestBody: { required: true, content: inBothEncodings(request, { [list]: [] }, sizeLimit) },
    responses: {
      200: {
        description: summary,
        headers: successHeaders(metadata),
        content: inBothEncodings(answerSchema(rejected), {}),
      },
      ...Object.fromEntries(
        [...errors].map(([status, codes]) => [
          status,
          {
            description: codes.map((code) => errorCodes[code].title).join("; "),
            headers: errorHeaders(metadata, status),
            content: inBothEncodings(statusSchema, { code: 3, message: "What is wrong, and what to do." }),
          },
        ]),
      ),
    },
  };
}

const sizeLimit = { "x-max-bytes": limits.otlpBytes };

function inBothEncodings(schema: Json, example: Json, limit: Json = {}): Json {
  return {
    "application/x-protobuf": { schema: { type: "string", format: "binary", ...limit } },
    "application/json": { schema, example },
  };
}

function answerSchema(rejected: string): Json {
  const count = { type: "string", description: "How many were not stored." };
  const errorMessage = { type: "string", description: "Why something was not stored, or was cut." };
  const partialSuccess = { type: "object", properties: { [rejected]: count, errorMessage } };
  return { type: "object", properties: { partialSuccess } };
}

const statusSchema: Json = {
  type: "object",
  properties: { code: { type: "integer" }, message: { type: "string" } },
  required: ["code", "message"],
};
