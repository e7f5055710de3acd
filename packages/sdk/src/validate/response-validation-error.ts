import { PandaProbeError } from "@pandaprobe/sdk";
import { brand } from "../errors/brand.ts";

/** One field of an answer that is off. */
export interface WrongField {
  /** Where it stands in the answer; `[]` for the answer as a whole. */
  readonly path: readonly (string | number)[];
  /** What the contract says it is. */
  readonly expected: string;
  /** What it is, in short. */
  readonly got: string;
}

export interface ResponseValidationErrorFields {
  readonly operation: string;
  readonly status: number;
  readonly requestId: string | undefined;
  /** One at least. */
  readonly fields: readonly [WrongField, ...WrongField[]];
}

/** The server answered something that the contract does not allow. */
export class ResponseValidationError extends PandaProbeError implements WrongField {
  /** Where the first field stands that is off; `[]` for the answer as a whole. */
  readonly path: readonly (string | number)[];
  /** What the contract says it is. */
  readonly expected: string;
  /** What it is, in short. */
  readonly got: string;
  /** All fields that are off. */
  readonly fields: readonly WrongField[];

  constructor({ operation, status, requestId, fields }: ResponseValidationErrorFields) {
    const lines = fields.map(
      (field) => `\n  ${place(field.path)}: expected ${field.expected}, got ${field.got}`,
    );
    const request = requestId === undefined ? "" : `\n(request ${requestId})`;
    super(
      `${operation} was answered with a ${status} that the contract of this version does not allow. Is the server of another version?${lines.join("")}${request}`,
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
  return text === "" ? "the answer" : text.replace(/^\./, "");
}
