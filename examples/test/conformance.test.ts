import { contract } from "@pandaprobe/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { behaviours } from "./conformance/behaviours.ts";
import { comparable } from "./conformance/comparable.ts";
import { createDoubleSide } from "./conformance/double-side.ts";
import { startServerSide } from "./conformance/server-side.ts";
import type { Side } from "./conformance/side.ts";
import { Transcript } from "./conformance/transcript.ts";

/*
 * The double that the SDK's users test with does what the server does, or it is no use: what is expected holds of both, and
 * whatever is asked on the way they answer alike.
 */

const transcripts = { server: new Transcript(), double: new Transcript() };
const double = createDoubleSide(transcripts.double);
let server: Awaited<ReturnType<typeof startServerSide>>;
beforeAll(async () => {
  server = await startServerSide(transcripts.server);
});
afterAll(() => server.close());

describe.each(Object.entries(behaviours))("%s", (_topic, its) => {
  test.each(its)("$name", async ({ check }) => {
    const answers = await answersOf("The server", server, transcripts.server, check);
    expect(await answersOf("The double", double, transcripts.double, check)).toEqual(answers);
  });
});

test.each(["server", "double"] as const)("the %s has answered every operation of the contract", (name) => {
  const all = Object.values(contract).flatMap((routes) => Object.keys(routes));
  expect([...transcripts[name].operations].sort()).toEqual(all.sort());
});

/** What a side answers to a behaviour, where it has it. */
async function answersOf(
  name: string,
  side: Side,
  transcript: Transcript,
  check: (side: Side) => Promise<void>,
): Promise<unknown[]> {
  transcript.take();
  try {
    await check(side);
  } catch (error) {
    if (error instanceof Error) error.message = `${name}: ${error.message}`;
    throw error;
  }
  return comparable(transcript.take());
}
