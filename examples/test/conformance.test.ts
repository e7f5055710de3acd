import { contract } from "@pandaprobe/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { behaviours } from "./conformance/behaviours.ts";
import { comparable } from "./conformance/comparable.ts";
import { createMockSide } from "./conformance/mock-side.ts";
import { startServerSide } from "./conformance/server-side.ts";
import type { Side } from "./conformance/side.ts";
import { Transcript } from "./conformance/transcript.ts";

/*
 * The SDK's mock server must behave like the server. Both have to pass every behaviour, and to give equal answers to all its
 * requests.
 */

const transcripts = { server: new Transcript(), mock: new Transcript() };
const mock = createMockSide(transcripts.mock);
let server: Awaited<ReturnType<typeof startServerSide>>;
beforeAll(async () => {
  server = await startServerSide(transcripts.server);
});
afterAll(() => server.close());

describe.each(Object.entries(behaviours))("%s", (_topic, its) => {
  test.each(its)("$name", async ({ check }) => {
    const answers = await answersOf("The server", server, transcripts.server, check);
    expect(await answersOf("The mock server", mock, transcripts.mock, check)).toEqual(answers);
  });
});

test.each(["server", "mock"] as const)("the %s side has answered every operation of the contract", (name) => {
  const all = Object.values(contract).flatMap((routes) => Object.keys(routes));
  expect([...transcripts[name].operations].sort()).toEqual(all.sort());
});

/** Checks a behaviour of a side. @returns its answers, in comparable form */
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
