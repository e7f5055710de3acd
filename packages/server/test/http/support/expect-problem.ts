import { type ErrorCode, errorCodes } from "@pandaprobe/contract";
import { expect } from "vitest";
import type { Answer } from "../../support/api-client.ts";

/** Expects an answer to be the problem of this code; its shape is looked at wherever an answer is read. */
export function expectProblem(
  { status, body }: Answer<unknown>,
  code: ErrorCode,
  about: { loc?: unknown[]; detail?: RegExp } = {},
): void {
  expect({ status, code: (body as { code?: unknown }).code }, JSON.stringify(body)).toEqual({
    status: errorCodes[code].status,
    code,
  });
  if (about.loc !== undefined)
    expect(body).toMatchObject({
      errors: expect.arrayContaining([expect.objectContaining({ loc: about.loc })]),
    });
  if (about.detail !== undefined) expect((body as { detail: string }).detail).toMatch(about.detail);
}
