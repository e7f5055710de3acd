import { PandaProbeError } from "@pandaprobe/sdk";
import { brand } from "../errors/brand.ts";

/** An invalid field of a response. */
export interface WrongField {
  /** The path of the field; `[]` for the response as a whole. */
  readonly path: readonly (string | number)[];
  /** What the contract expects. */
  readonly expected: string;
  /** The value, shortened. */
  readonly got: string;
}

export interface ResponseValidationErrorFields {
  readonly operation: string;
  readonly status: number;
  readonly requestId: string | undefined;
  /** At least one. */
  readonly fields: readonly [WrongField, ...WrongField[]];
}

/** The server sent a response that the contract does not allow. It reports the invalid fields. */
export class ResponseValidationError extends PandaProbeError implements WrongField {
  /** The path of the first invalid field; `[]` for the response as a whole. */
  readonly path: readonly (string | number)[];
  /** What the contract expects. */
  readonly expected: string;
  /** The value, shortened. */
  readonly got: string;
  /** All invalid fields. */
  readonly fields: readonly WrongField[];

  constructor({ operation, status, requestId, fields }: ResponseValidationErrorFields) {
    const lines = fields.map(
      (field) => `\n  ${place(field.path)}: expected ${field.expected}, got ${field.got}`,
    );
    const request = requestId === undefined ? "" : `\n(request ${requestId})`;
    super(
      `${operation} got a ${status} response that the contract of this version does not allow. Is the server's version different?${lines.join("")}${request}`,
      { operation, status, ...(requestId === undefined ? {} : { requestId }) },
    );
    const [{ path, expected, got }] = fields;
    this.path = path;
    this.expected = expected;
    this.got = got;
    this.fields = fields;
  }
}

export const isResponseValidationError = brand(ResponseValidationError, "ResponseValidationError");

function place(path: readonly (string | number)[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
  return text === "" ? "the response" : text.replace(/^\./, "");
}
