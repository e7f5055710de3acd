import { ApiError } from "@pandaprobe/sdk";
import { expect } from "vitest";

/** Expects a call to be refused with this code and, if given, at this place of the request. */
export async function expectRefusal(
  call: PromiseLike<unknown>,
  status: number,
  code: string,
  loc?: readonly (string | number)[],
): Promise<void> {
  const error = await Promise.resolve(call).then(
    (answer) => expect.fail(`It was answered: ${JSON.stringify(answer)}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw error;
  expect({ status: error.status, code: error.code }, error.detail ?? "").toEqual({ status, code });
  if (loc !== undefined) expect(error.errors).toContainEqual(expect.objectContaining({ loc }));
}
